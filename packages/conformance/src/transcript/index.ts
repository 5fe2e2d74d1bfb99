export { LaunchError } from "../errors.ts";
export { createCommandLauncher } from "./command-launcher.ts";
export { KNOWN_DIFFERENCES } from "./known-differences.ts";
export type { LaunchedServer, Launcher } from "./launcher.ts";
export { createOwnLauncher } from "./own-launcher.ts";
export { type Difference, type ReplayResult, replayTranscript } from "./replay.ts";
export { parseTranscript, type ServerSetup, type Transcript, type TranscriptEvent } from "./transcript.ts";
