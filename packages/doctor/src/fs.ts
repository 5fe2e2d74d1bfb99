export { type BuildSettings, passedThrough, readBuildSettings } from "./fs/build-settings.ts";
export { type ExamineOptions, type ExamineProgress, examineAll } from "./fs/examine-all.ts";
