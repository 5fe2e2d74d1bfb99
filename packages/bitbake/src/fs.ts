export { loadBuild } from "./fs/load-build.ts";
export { readTaskDependsDot } from "./fs/task-depends.ts";
export { readTextFile, readTextLines, type TextOptions } from "./fs/text-lines.ts";
