export { openProgress } from "./open-progress.ts";
export { noProgress, type Progress, type ProgressStep } from "./progress.ts";
