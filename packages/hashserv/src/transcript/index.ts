export type { LaunchedServer, Launcher } from "./launcher.ts";
export { type ReplayResult, replayTranscript } from "./replay.ts";
export { parseTranscript, type ServerSetup, type Transcript, type TranscriptEvent } from "./transcript.ts";
