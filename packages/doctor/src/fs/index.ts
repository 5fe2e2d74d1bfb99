export { type BuildSettings, passedThrough, readBuildSettings } from "./build-settings.ts";
export { type ExamineOptions, type ExamineProgress, examineAll } from "./examine-all.ts";
