import { type JoinedRow, type OutHashRow, splitWords } from "@depid/hashserv-protocol";
import type { User } from "../storage.ts";

/** What stands for a NUL, which PostgreSQL's text cannot hold, and for itself: a code point that is no character. */
const ESCAPE = "\uffff";
const ESCAPED = /\uffff[01]/g;

/** A text as it is stored. Different texts stay different. */
export function stored(text: string): string {
  if (!text.includes("\0") && !text.includes(ESCAPE)) return text;
  return text.replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll("\0", `${ESCAPE}0`);
}

export function storedOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : stored(text);
}

/** The inverse of `stored`. */
export function restored(text: string): string {
  return text.includes(ESCAPE) ? text.replace(ESCAPED, (found) => (found.endsWith("0") ? "\0" : ESCAPE)) : text;
}

/** Texts, or rows of texts, as one parameter, of which SQL makes rows. */
export function storedList(texts: readonly Texts[]): string {
  const json = JSON.stringify(texts, (_, text) => (typeof text === "string" ? stored(text) : text));
  return json.includes("\\ud") ? JSON.stringify(JSON.parse(json), (_, text) => wellFormed(text)) : json;
}

type Texts = string | null | readonly Texts[];

/** Half of a surrogate pair becomes what it becomes in any parameter: no other half is in UTF-8. */
function wellFormed(text: unknown): unknown {
  return typeof text === "string" ? Buffer.from(text).toString() : text;
}

const TIME = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** A time as a parameter: the column holds times, not texts. What is none becomes null. */
export function storedTime(created: string | null): string | null {
  return created !== null && TIME.test(created) && !Number.isNaN(Date.parse(created)) ? created : null;
}

/** SQL for what `storedTime` gives. Without a zone it is UTC. */
export const timeParameter = (n: number): string => `($${n}::text::timestamptz AT TIME ZONE 'UTC')`;

/** SQL for a time as text, and what becomes of it: as SQLite has it, in UTC, without a fraction that is 0. */
export const CREATED = `to_char(o.created, 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
export function parseCreated(text: string | null): string | null {
  return text === null ? null : `${text.replace(/\.000000$/, "")}+00:00`;
}

/** Columns of a record, in the order `parseOutHashRow` takes them. */
export const RECORD = `o.id::text, o.method, o.taskhash, o.outhash, ${CREATED},
  o.owner, o."PN", o."PV", o."PR", o.task, o.outhash_siginfo`;

type Columns = readonly (string | null)[];

export function parseOutHashRow(columns: Columns): OutHashRow {
  const [id, method, taskhash, outhash, created, ...details] = columns;
  const [owner, PN, PV, PR, task, outhashSiginfo] = details.map(restoredOrNull);
  return {
    id: Number(id),
    method: restored(method ?? ""),
    taskhash: restored(taskhash ?? ""),
    outhash: restored(outhash ?? ""),
    created: parseCreated(created ?? null),
    details: {
      owner: owner ?? null,
      PN: PN ?? null,
      PV: PV ?? null,
      PR: PR ?? null,
      task: task ?? null,
      outhashSiginfo: outhashSiginfo ?? null,
    },
  };
}

/** @param columns those of a record, depid and mark */
export function parseJoinedRow(columns: Columns): JoinedRow {
  const [depid, mark] = columns.slice(-2);
  return { ...parseOutHashRow(columns.slice(0, -2)), depid: restored(depid ?? ""), mark: restored(mark ?? "") };
}

/** @param columns name, token, permissions as words */
export function parseUser([username, token, permissions]: Columns): User {
  return {
    username: restored(username ?? ""),
    token: restored(token ?? ""),
    permissions: splitWords(restored(permissions ?? "")),
  };
}

function restoredOrNull(text: string | null): string | null {
  return text === null ? null : restored(text);
}
