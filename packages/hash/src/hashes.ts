import type { Brand } from "./brand.ts";
import { InvalidHashError } from "./errors.ts";

/** Digest over a task's own metadata, made while its recipe is parsed (signatures.md section 1). */
export type BaseHash = Brand<string, "BaseHash">;
/** Digest of all that can change what a task does: basehash, depids of its dependencies, file checksums, taint. */
export type TaskHash = Brand<string, "TaskHash">;
/** What dependents hash in place of a taskhash. On the wire and in BitBake's database: `unihash`. */
export type DepId = Brand<string, "DepId">;
/** Digest of what a task produced, by a named method. SHA-256, or SHA-1 for the method of 2018. */
export type OutHash = Brand<string, "OutHash">;

/** Which hash the name of a stamp carries: the signature generator decides (runqueue.md section 4). */
export type StampHash = "none" | "taskhash" | "depid";

const HEX_64 = /^[0-9a-f]{64}$/;
const HEX_40_OR_64 = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Narrows text that came from outside. @throws {InvalidHashError} */
export function parseBaseHash(text: unknown): BaseHash {
  return checked("basehash", text) as BaseHash;
}

/** Narrows text that came from outside. @throws {InvalidHashError} */
export function parseTaskHash(text: unknown): TaskHash {
  return checked("taskhash", text) as TaskHash;
}

/** Narrows text that came from outside. @throws {InvalidHashError} */
export function parseDepId(text: unknown): DepId {
  return checked("depid", text) as DepId;
}

/** Whether a value is a valid depid: a string of 64 lowercase hex digits (hashserv-protocol.md section 1). */
export function isDepId(value: unknown): value is DepId {
  return typeof value === "string" && HEX_64.test(value);
}

/** Narrows text that came from outside: 64 hex digits (SHA-256), or 40 (SHA-1, the RFC of 2018). @throws {InvalidHashError} */
export function parseOutHash(text: unknown): OutHash {
  if (typeof text !== "string" || !HEX_40_OR_64.test(text)) throw new InvalidHashError("outhash", text);
  return text as OutHash;
}

/** A task nobody has reported yet is its own equivalence class: its depid is its taskhash (origins.md section 1). */
export function depIdOf(taskhash: TaskHash): DepId {
  return taskhash as string as DepId;
}

function checked(field: string, text: unknown): string {
  if (typeof text !== "string" || !HEX_64.test(text)) throw new InvalidHashError(field, text);
  return text;
}
