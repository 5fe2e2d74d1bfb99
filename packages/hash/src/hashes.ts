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

/** How hashes are written, for patterns of texts that have some in them: SHA-256 in lowercase hex. */
export const HASH_PATTERN = "[0-9a-f]{64}";
/** How releases before 3.0 (zeus) wrote them: MD5. */
export const OLD_HASH_PATTERN = "[0-9a-f]{32}";
/** A text that is a hash, and nothing else. */
export const HASH_TEXT: RegExp = new RegExp(`^${HASH_PATTERN}$`);
/** What is expected where a text is none. */
export const HASH_EXPECTED = "expected 64 lowercase hexadecimal digits";
const OLD_HASH_TEXT = new RegExp(`^${OLD_HASH_PATTERN}$`);
const OUT_HASH_TEXT = new RegExp(`^(?:[0-9a-f]{40}|${HASH_PATTERN})$`);

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
  return typeof value === "string" && HASH_TEXT.test(value);
}

/** The same of a column, as a condition for SQLite. */
export function hashInSql(column: string): string {
  return `(length(${column}) = 64 AND ${column} NOT GLOB '*[^0-9a-f]*')`;
}

/** Whether a text is a hash of a release before 3.0 (zeus): no task of today's can have it. */
export function isOldHash(text: string): boolean {
  return OLD_HASH_TEXT.test(text);
}

/** Narrows text that came from outside: 64 hex digits (SHA-256), or 40 (SHA-1, the RFC of 2018). @throws {InvalidHashError} */
export function parseOutHash(text: unknown): OutHash {
  if (typeof text !== "string" || !OUT_HASH_TEXT.test(text)) throw new InvalidHashError("outhash", text);
  return text as OutHash;
}

/** A task nobody has reported yet is its own equivalence class: its depid is its taskhash (origins.md section 1). */
export function depIdOf(taskhash: TaskHash): DepId {
  return taskhash as string as DepId;
}

function checked(field: string, text: unknown): string {
  if (typeof text !== "string" || !HASH_TEXT.test(text)) throw new InvalidHashError(field, text);
  return text;
}
