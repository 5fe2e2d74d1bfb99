import { Buffer, isAscii } from "node:buffer";
import { type JoinedRow, type OutHashRow, splitWords } from "@depid/hashserv-protocol";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { User } from "../storage.ts";

/** Columns of a record but for its long one, in the order `parseOutHashRow` takes them. */
export type RecordColumns = readonly [
  id: number,
  method: string,
  taskhash: string,
  outhash: string,
  created: string | null,
  owner: string | null,
  PN: string | null,
  PV: string | null,
  PR: string | null,
  task: string | null,
];
export type JoinedColumns = readonly [...RecordColumns, depid: string, mark: string];

export type Bound = string | Uint8Array | number | null;

/**
 * A text as it is bound to `CAST(? AS TEXT)`: the driver cuts text at a NUL, so text that has one goes as bytes. All
 * text we store may have any character (section 14).
 */
export function bound(text: string): string | Uint8Array {
  return text.includes("\0") ? new TextEncoder().encode(text) : text;
}

/**
 * Prepares a query that gives rows as arrays. It refers to its connection: the driver closes one that nobody refers to, and
 * then reads freed memory when a statement of it is used.
 */
export function prepareColumns(db: DatabaseSyncInstance, sql: string) {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return Object.assign(statement, { connection: db });
}

type Failed = (error: unknown) => void;

/**
 * Prepares a query of one column of text, for its first row.
 *
 * @param failed told what it throws
 * @returns a function; it gives `undefined` without a row
 */
export function prepareText(
  db: DatabaseSyncInstance,
  sql: string,
  failed: Failed = () => {},
): (...values: Bound[]) => string | undefined {
  const statement = prepareColumns(db, sql);
  return (...values) => {
    try {
      return (statement.get(...values) as [string] | undefined)?.[0];
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}

/**
 * Prepares a query of a column of text and one of bytes, for its first row. Long text is read as bytes: as text within JSON it
 * would be copied five times, which takes ten times as long.
 *
 * @param failed told what it throws
 * @returns a function; it gives `undefined` without a row
 */
export function prepareTextAndBytes(
  db: DatabaseSyncInstance,
  sql: string,
  failed: Failed = () => {},
): (...values: Bound[]) => readonly [text: string, bytes: Uint8Array | null] | undefined {
  const statement = prepareColumns(db, sql);
  return (...values) => {
    try {
      return statement.get(...values) as [string, Uint8Array | null] | undefined;
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}

/** Prepares a query of one column of text, for all its rows. */
export function prepareTexts(
  db: DatabaseSyncInstance,
  sql: string,
  failed: Failed = () => {},
): (...values: Bound[]) => readonly string[] {
  const statement = prepareColumns(db, sql);
  return (...values) => {
    try {
      return (statement.all(...values) as unknown as [string][]).map(([text]) => text);
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}

/** @param siginfo UTF-8 */
export function parseOutHashRow(columns: RecordColumns, siginfo: Uint8Array | null): OutHashRow {
  const [id, method, taskhash, outhash, created, owner, PN, PV, PR, task] = columns;
  const outhashSiginfo = siginfo === null ? null : readText(siginfo);
  return { id, method, taskhash, outhash, created, details: { owner, PN, PV, PR, task, outhashSiginfo } };
}

/** @param siginfo UTF-8 */
export function parseJoinedRow(columns: JoinedColumns, siginfo: Uint8Array | null): JoinedRow {
  const [depid, mark] = columns.slice(-2) as [string, string];
  return { ...parseOutHashRow(columns as unknown as RecordColumns, siginfo), depid, mark };
}

/** What is not UTF-8 becomes U+FFFD. Most text is ASCII, and takes a hundredth of the time. */
function readText(bytes: Uint8Array): string {
  if (!isAscii(bytes)) return UTF_8.decode(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

const UTF_8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** @param json name, token and permissions, the latter as words */
export function parseUser(json: string): User {
  const [username, token, permissions] = JSON.parse(json) as [string, string, string];
  return { username, token, permissions: splitWords(permissions) };
}
