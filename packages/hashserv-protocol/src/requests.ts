import { InvalidRequestError } from "./errors.ts";
import type { Json } from "./json.ts";
import { asArguments } from "./methods/arguments.ts";
import { backfillWait } from "./methods/backfill-wait.ts";
import { getDbQueryColumns, getDbUsage } from "./methods/database.ts";
import { cleanUnused, gcMark, gcMarkStream, gcStatus, gcSweep, remove } from "./methods/garbage.ts";
import { get } from "./methods/get.ts";
import { getOutHash } from "./methods/get-outhash.ts";
import { getStats, resetStats } from "./methods/get-stats.ts";
import type { ClientSide } from "./methods/method.ts";
import { ping } from "./methods/ping.ts";
import { report } from "./methods/report.ts";
import { reportEquiv } from "./methods/report-equiv.ts";
import { existsStream, getStream } from "./methods/streams.ts";
import {
  auth,
  becomeUser,
  deleteUser,
  getAllUsers,
  getUser,
  newUser,
  refreshToken,
  setUserPerms,
} from "./methods/users.ts";

/** All requests, in the order in which the first one present in a message is taken (section 5). */
export const METHODS = [
  ping,
  get,
  getOutHash,
  getStream,
  existsStream,
  getStats,
  getDbUsage,
  getDbQueryColumns,
  report,
  auth,
  getUser,
  getAllUsers,
  becomeUser,
  reportEquiv,
  resetStats,
  backfillWait,
  remove,
  gcMark,
  gcMarkStream,
  gcSweep,
  gcStatus,
  cleanUnused,
  refreshToken,
  setUserPerms,
  newUser,
  deleteUser,
] as const;

type AnyMethod = (typeof METHODS)[number];
/** The name of a request on the wire. */
export type MethodName = AnyMethod["name"];
/** A request, told apart by its name. */
export type Request = {
  [M in AnyMethod as M["name"]]: { readonly name: M["name"]; readonly args: ReturnType<M["parseArguments"]> };
}[MethodName];

/** Reads a message as a request. @throws {InvalidRequestError} */
export function parseRequest(message: unknown): Request {
  const { command, args } = findCommand(message, METHODS);
  return { name: command.name, args: command.parseArguments(args) } as Request;
}

/** The message that makes a request. */
export function formatRequest<Request>(method: ClientSide<Request, unknown>, request: Request): Json {
  return { [method.name]: method.formatArguments(request) };
}

/**
 * Which of a server's commands a message asks for, the first it has as a key, and with what arguments.
 *
 * @throws {InvalidRequestError} when it has none of them
 */
export function findCommand<Command extends { readonly name: string }>(
  message: unknown,
  commands: readonly Command[],
): { readonly command: Command; readonly args: unknown } {
  const keys = asArguments(message, "message");
  for (const command of commands) {
    if (Object.hasOwn(keys, command.name)) return { command, args: keys[command.name] };
  }
  const asked = Object.keys(keys).map((key) => `'${key.slice(0, 80)}'`);
  throw new InvalidRequestError(asked.length === 0 ? "no command" : `unknown command ${asked.slice(0, 3).join(", ")}`);
}
