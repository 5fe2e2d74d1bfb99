export { BUILD_LOG_FORMAT } from "./build-log-format.ts";
export {
  type BuildOutputs,
  type MetadataRevision,
  type OutputRow,
  outputRows,
  parseMetadataRevs,
  type WrittenOutput,
} from "./build-outputs.ts";
export type { BuildRecord, BuildRecordKind } from "./build-record.ts";
export { type DurationRow, parseTaskStats, type TaskStats } from "./buildstats.ts";
export { type BuildStatsFolder, type BuildStatsTask, buildStatsRecord } from "./buildstats-record.ts";
export { type CheckedLock, checkLocks, type HeldTask, type LockCheck, type LockState } from "./check-locks.ts";
export type { ConfSetting } from "./conf/data.ts";
export {
  type BuildConf,
  type ConfFile,
  type ConfFiles,
  readBuildConf,
  type UnparsedConf,
  type UnreadConf,
} from "./conf/read-build.ts";
export { isBefore, releaseNames } from "./conf/releases.ts";
export {
  type LoggedBuild,
  loggedBuild,
  type NamedTaskRow,
  namedTasks,
  type RehashRow,
  type SummaryRow,
  summaryOf,
} from "./console-log.ts";
export { type ConsoleMismatch, ConsoleMismatchReader, type MismatchClaim } from "./console-mismatch.ts";
export { ConsoleBuild, ConsoleReader, type DepIdChange, type SstateCounts, type TaskCounts } from "./console-reader.ts";
export { ConsoleRecordReader } from "./console-record.ts";
export { DatabaseError } from "./database-error.ts";
export { BuildInputError } from "./errors.ts";
export { EventLogReader } from "./event-log.ts";
export { BitbakeFileError } from "./file-error.ts";
export { formatLockCheck, isSound, LOCKS_FORMAT, type LockReport, lockCheckDocument } from "./format-lock-check.ts";
export type { EquivalenceRow, HashservTable, OutHashRow } from "./hashserv-row.ts";
export { HASHSERV_DATABASE } from "./hashserv-tables.ts";
export { HistoryBuilder, type HistoryBuilderOptions, type MetadataState } from "./history-builder.ts";
export {
  type LockedSigs,
  type LockGroup,
  type LockRow,
  lockedSignaturesOf,
  parseLockedSigs,
} from "./locked-signatures.ts";
export { type KeyMatches, type MatchedRecord, matchNames, matchRecord, matchTids } from "./match-tids.ts";
export { diffOutHashTexts, isOutHashText, type OutHashColumn, type OutHashDifference } from "./outhash-diff.ts";
export { PickleError, PickleGlobal, PickleObject, type PickleValue, parsePickle } from "./pickle.ts";
export { parseSigdata, type Sigdata, type SigdataHash } from "./sigdata.ts";
export { baseHashText, checkSigdata, formatMismatch, type HashMismatch } from "./sigdata-check.ts";
export type { SigdataContext, SigdataCounts } from "./sigdata-import.ts";
export { parseSigdataName, type SigdataName } from "./sigdata-name.ts";
export { asksNobody, asksServer, generatorOf } from "./signature-handler.ts";
export type { SstateFile } from "./sstate-file.ts";
export type { SstateObjectRow } from "./sstate-object.ts";
export type { StampRow } from "./stamp.ts";
export {
  formatTable,
  LeftOut,
  type LeftOutEntry,
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
