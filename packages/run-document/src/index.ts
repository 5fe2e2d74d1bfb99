export { type Cell, countedAs } from "./cell.ts";
export type { RunDocument } from "./documents/index.ts";
export { RunError } from "./errors.ts";
export { type BuildHashes, hashesOf } from "./hashes.ts";
export { type RecordedBuild, recordBuild } from "./record-build.ts";
export { Run, type RunBuild, type RunTask } from "./run.ts";
export { RUN_FORMAT, RunRecorder } from "./run-recorder.ts";
