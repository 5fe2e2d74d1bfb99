export { importSigdata, type SigdataImport, type SigdataImportOptions } from "./fs/import-sigdata.ts";
export { type LoadBuildOptions, loadBuild } from "./fs/load-build.ts";
export { readSigdata, SIGDATA_LIMIT } from "./fs/read-sigdata.ts";
export { readTaskDependsDot } from "./fs/task-depends.ts";
export { readTextFile, readTextLines, type TextOptions } from "./fs/text-lines.ts";
