export { type Address, formatAddress, parseAddress } from "./address.ts";
export { ChunkJoiner, formatMessage, isChunkStart, MAX_CHUNK, MAX_MESSAGE, splitText } from "./chunks.ts";
export { FramingError, InvalidAddressError, InvalidRequestError, OldProtocolError, ProtocolError } from "./errors.ts";
export { type Framing, LINE_FRAMING, WEBSOCKET_FRAMING } from "./framing.ts";
export { formatGreeting, GREETING, GreetingDecoder } from "./greeting.ts";
export { formatJson, type Json, parseJson } from "./json.ts";
export { LineDecoder, MAX_LINE_BYTES } from "./line-decoder.ts";
export { type Message, MessageDecoder, parseMessage } from "./message-decoder.ts";
export { INVALID_DEPID, isShortDepId } from "./methods/arguments.ts";
export { type BackfillWaitAnswer, type BackfillWaitRequest, backfillWait } from "./methods/backfill-wait.ts";
export { type DatabaseRequest, getDbQueryColumns, getDbUsage, QUERY_COLUMNS } from "./methods/database.ts";
export {
  type CleanUnusedRequest,
  type Count,
  cleanUnused,
  type GcStatus,
  type GcStatusRequest,
  gcMark,
  gcMarkStream,
  gcStatus,
  gcSweep,
  type MarkRequest,
  parseMarkLine,
  type RemoveRequest,
  remove,
  type SweepRequest,
} from "./methods/garbage.ts";
export { type GetRequest, get } from "./methods/get.ts";
export { type GetOutHashRequest, getOutHash } from "./methods/get-outhash.ts";
export { type GetStatsRequest, getStats, type RequestStats, resetStats } from "./methods/get-stats.ts";
export type { ClientSide, Method, ServerSide } from "./methods/method.ts";
export {
  expandPermissions,
  isPermission,
  NO_PERMISSION,
  PERMISSIONS,
  type Permission,
  parsePermissions,
} from "./methods/permissions.ts";
export { type PingAnswer, type PingRequest, ping } from "./methods/ping.ts";
export { type Report, report, reportOfOldClient } from "./methods/report.ts";
export { type ReportEquivRequest, reportEquiv } from "./methods/report-equiv.ts";
export { existsStream, getStream, type StreamRequest } from "./methods/streams.ts";
export {
  auth,
  becomeUser,
  type Credentials,
  deleteUser,
  type GetAllUsersRequest,
  getAllUsers,
  getUser,
  type NewUserRequest,
  newUser,
  refreshToken,
  setUserPerms,
  type UserName,
  type UserPermissions,
} from "./methods/users.ts";
export { findCommand, formatRequest, METHODS, type MethodName, parseRequest, type Request } from "./requests.ts";
export { findInvokeError, formatInvokeError, parseResponse, type Response } from "./responses.ts";
export {
  type ConditionColumn,
  type Conditions,
  type Equivalence,
  type EquivalenceKey,
  type JoinedRow,
  NO_DETAILS,
  type OutHashKey,
  type OutHashRow,
  type TaskDetails,
} from "./rows.ts";
export { formatStreamQuery, isStreamEnd, parseStreamQuery, STREAM_END, STREAM_ENDED } from "./stream-lines.ts";
export { DEFLATE, HTTP_RESOURCE, KEEP_ALIVE, WEBSOCKET_HIGH_WATER } from "./transports.ts";
export { splitWords, stripEnd } from "./white-space.ts";
