import { type DepId, isDepId } from "@depid/hash";
import { InvalidRequestError } from "../errors.ts";

/** The arguments of a command that needs some, or a message. @throws {InvalidRequestError} when they are no object */
export function asArguments(value: unknown, what = "arguments"): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidRequestError(`${what}: expected an object, found ${describe(value)}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

/**
 * An argument that must be text. Numbers and booleans, which the reference half accepts, are refused (section 14,
 * item 11), and so is text with half a surrogate pair, which UTF-8 cannot hold.
 *
 * @throws {InvalidRequestError}
 */
export function readText(args: Readonly<Record<string, unknown>>, name: string): string {
  const value = Object.hasOwn(args, name) ? args[name] : undefined;
  if (typeof value !== "string") {
    throw new InvalidRequestError(`argument '${name}': expected text, found ${describe(value)}`);
  }
  if (HALF_PAIR.test(value)) throw new InvalidRequestError(`argument '${name}': not valid Unicode text`);
  return value;
}

const HALF_PAIR = /\p{Surrogate}/u;

/** An argument that may be text, null or absent. @throws {InvalidRequestError} */
export function readTextOrNull(args: Readonly<Record<string, unknown>>, name: string): string | null {
  return Object.hasOwn(args, name) && args[name] !== null ? readText(args, name) : null;
}

/**
 * The argument `unihash`.
 *
 * @param isAccepted what counts as one
 * @throws {InvalidRequestError} with the words of the reference, if missing or no depid
 */
export function readDepId(args: Readonly<Record<string, unknown>>, isAccepted: IsDepId = isDepId): DepId {
  const value = Object.hasOwn(args, "unihash") ? args.unihash : undefined;
  if (!isAccepted(value)) throw new InvalidRequestError(INVALID_DEPID);
  return value;
}

export type IsDepId = (value: unknown) => value is DepId;

/** A depid of OE-Core before it took SHA-256 for all its hashes: of the size of MD5 or SHA-1. */
export function isShortDepId(value: unknown): value is DepId {
  return typeof value === "string" && SHORT.test(value);
}

const SHORT = /^(?:[0-9a-f]{32}|[0-9a-f]{40})$/;

/** What the reference says of a depid that is none; clients may look for it. */
export const INVALID_DEPID = "Invalid unihash";

/** An argument taken by truthiness, as Python has it: empty text, arrays and objects are false. */
export function readFlag(args: Readonly<Record<string, unknown>>, name: string, absent: boolean): boolean {
  if (!Object.hasOwn(args, name)) return absent;
  const value = args[name];
  return typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}
