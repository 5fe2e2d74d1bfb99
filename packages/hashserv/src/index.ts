export type { TlsOptions } from "./bind-port.ts";
export { type Clock, createClock, formatCreated } from "./clock.ts";
export { type Command, type CommandContext, createCommand, createStreamCommand } from "./command.ts";
export { COMMANDS } from "./commands.ts";
export { connectUpstream, type UpstreamOptions } from "./connect-upstream.ts";
export { reportEquivalence, reportOutHash } from "./equivalence.ts";
export { CertificateError, ListenError, PermissionError, StorageError } from "./errors.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export { type HttpListener, listenHttp } from "./listen-http.ts";
export { LOG_LEVELS, type Log, type LogLevel } from "./log.ts";
export type { HandledRequests, Observer } from "./observer.ts";
export { DEFAULT_ANONYMOUS, type Permission, SAFE_ANONYMOUS } from "./permissions.ts";
export { chooseDepId, type ReportOutcome, type ReportToRecord, recordReports } from "./report-rule.ts";
export { RequestCounter } from "./request-counter.ts";
export { type Server, type ServerOptions, type ServerStatus, startServer } from "./server.ts";
export { createService, type Service } from "./service.ts";
export { Session, type SessionOptions } from "./session.ts";
export { createMemoryStorage } from "./storage/memory.ts";
export { findNetworkFileSystem } from "./storage/network-file-system.ts";
export { openSqliteStorage } from "./storage/sqlite.ts";
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
} from "./storage.ts";
export { DURABILITIES, EQUIVALENCE_COLUMNS, OUTHASH_COLUMNS } from "./storage.ts";
export type { Upstream, UpstreamRow } from "./upstream.ts";
