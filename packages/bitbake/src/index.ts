export {
  type Assignment,
  type BuildConf,
  type ConfSetting,
  createConfLookup,
  parseBuildConf,
} from "./build-conf.ts";
export { BuildInputError, printable } from "./errors.ts";
export { BitbakeFileError } from "./file-error.ts";
export { HistoryBuilder, type MetadataState } from "./history-builder.ts";
export {
  type DependsTask,
  parsePnBuildList,
  parseTaskDependsDot,
  type TaskDepends,
  TaskDependsReader,
} from "./task-depends.ts";
