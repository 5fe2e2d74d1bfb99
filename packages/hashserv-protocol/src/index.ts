export { FramingError, InvalidAddressError, InvalidRequestError, ProtocolError } from "./errors.ts";
export { formatJson, type Json, parseJson } from "./json.ts";
export { INVALID_DEPID } from "./methods/arguments.ts";
export { type GetRequest, get } from "./methods/get.ts";
export { type GetOutHashRequest, getOutHash } from "./methods/get-outhash.ts";
export { type GetStatsRequest, getStats, type RequestStats } from "./methods/get-stats.ts";
export type { Method } from "./methods/method.ts";
export { type PingAnswer, type PingRequest, ping } from "./methods/ping.ts";
export { type Report, report } from "./methods/report.ts";
export { type ReportEquivRequest, reportEquiv } from "./methods/report-equiv.ts";
export { existsStream, getStream, type StreamRequest } from "./methods/streams.ts";
export {
  type Equivalence,
  type EquivalenceKey,
  type JoinedRow,
  NO_DETAILS,
  type OutHashKey,
  type OutHashRow,
  type TaskDetails,
} from "./rows.ts";
