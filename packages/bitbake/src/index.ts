export {
  type Assignment,
  type BuildConf,
  type ConfSetting,
  createConfLookup,
  parseBuildConf,
} from "./build-conf.ts";
export { type DurationRow, parseDurationTable, parseJsonStats, parseTaskStats, type TaskStats } from "./buildstats.ts";
export { ConsoleLogReader, type SummaryRow } from "./console-log.ts";
export { BuildInputError, printable } from "./errors.ts";
export { BitbakeFileError } from "./file-error.ts";
export type { EquivalenceRow, OutHashRow } from "./hashserv-row.ts";
export { HistoryBuilder, type HistoryBuilderOptions, type MetadataState } from "./history-builder.ts";
export { type LockedSigs, type LockRow, lockedSignaturesOf, parseLockedSigs } from "./locked-signatures.ts";
export { parseSigdata, type Sigdata, type SigdataHash } from "./sigdata.ts";
export { baseHashText, checkSigdata, formatMismatch, type HashMismatch } from "./sigdata-check.ts";
export type { SigdataContext, SigdataCounts } from "./sigdata-import.ts";
export { parseSigdataName, type SigdataName } from "./sigdata-name.ts";
export { findSstateName, type SstateFilePart, type SstateName, type SstateObjectRow } from "./sstate-object.ts";
export { findStampName, type StampKind, type StampName, type StampRow } from "./stamp.ts";
export {
  formatTable,
  LeftOut,
  type LeftOutEntry,
  parseTable,
  type RowSource,
  TABLE_FORMAT,
  type Table,
  type TableHeader,
} from "./table.ts";
export {
  type DependsTask,
  type EdgeRow,
  parsePnBuildList,
  parseTaskDependsDot,
  type TaskDepends,
  TaskDependsReader,
} from "./task-depends.ts";
export { diffTasksigs, parseTasksigs, type Tasksig, type TasksigBuild, type TasksigRow } from "./tasksigs.ts";
