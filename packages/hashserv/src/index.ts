export { type Clock, createClock, formatCreated } from "./clock.ts";
export { reportEquivalence, reportOutHash } from "./equivalence/report.ts";
export { CertificateError, ListenError, PermissionError, StorageError } from "./errors.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export { LOG_LEVELS, type Log, type LogLevel } from "./log.ts";
export type { TlsOptions } from "./net/bind-port.ts";
export { type HttpListener, listenHttp } from "./net/listen-http.ts";
export {
  chooseDepId,
  decideReport,
  type KnownOfReport,
  type ReportDecision,
  type ReportOutcome,
  type ReportToRecord,
} from "./rule/report-rule.ts";
export { type Server, type ServerOptions, type ServerStatus, startServer } from "./server.ts";
export { createService, type Service } from "./service.ts";
export { DEFAULT_ANONYMOUS, SAFE_ANONYMOUS } from "./session/anonymous.ts";
export { type Command, type CommandContext, createCommand, createStreamCommand } from "./session/command.ts";
export { COMMANDS } from "./session/commands.ts";
export type { HandledRequests, Observer } from "./session/observer.ts";
export type { Permission } from "./session/permissions.ts";
export { RequestCounter } from "./session/request-counter.ts";
export { Session, type SessionOptions } from "./session/session.ts";
export { createMemoryStorage } from "./storage/memory/memory-storage.ts";
export { findNetworkFileSystem } from "./storage/sqlite/network-file-system.ts";
export { openSqliteStorage } from "./storage/sqlite/sqlite-storage.ts";
export type {
  Durability,
  EquivalenceConditions,
  MarkCounts,
  NewOutHashRow,
  OutHashConditions,
  Slice,
  SliceDone,
  Storage,
  StorageReader,
  StorageSize,
  StorageTransaction,
  User,
} from "./storage/storage.ts";
export { DURABILITIES, EQUIVALENCE_COLUMNS, OUTHASH_COLUMNS } from "./storage/storage.ts";
export { connectUpstream, type UpstreamOptions } from "./upstream/connect-upstream.ts";
export type { Upstream, UpstreamRow } from "./upstream/upstream.ts";
