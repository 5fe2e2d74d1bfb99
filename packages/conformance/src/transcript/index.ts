export { LaunchError } from "../errors.ts";
export { createCommandLauncher } from "./command-launcher.ts";
export { KNOWN_DIFFERENCES } from "./known-differences.ts";
export { createOwnLauncher } from "./own-launcher.ts";
export { replayTranscript } from "./replay.ts";
export { parseTranscript, type Transcript } from "./transcript.ts";
