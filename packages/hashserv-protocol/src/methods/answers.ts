import { type DepId, isDepId } from "@depid/hash";
import { ProtocolError } from "../errors.ts";
import type { Json } from "../json.ts";
import type { Equivalence, JoinedRow, OutHashRow } from "../rows.ts";

/** The short answer of get, report and report-equiv. */
export function formatEquivalence({ method, taskhash, depid }: Equivalence): Json {
  return { taskhash, method, unihash: depid };
}

/** @throws {ProtocolError} */
export function parseEquivalence(value: unknown): Equivalence & { readonly depid: DepId } {
  const row = asRow(value);
  return { method: text(row, "method"), taskhash: text(row, "taskhash"), depid: depIdIn(row) };
}

/** The columns of an outhash row, in the reference's order. */
export function formatOutHashRow(row: OutHashRow): Record<string, Json> {
  const { outhashSiginfo, ...details } = row.details;
  const { id, method, taskhash, outhash, created } = row;
  return { id, method, taskhash, outhash, created, ...details, outhash_siginfo: outhashSiginfo };
}

/** The same with the columns of the equivalence row. */
export function formatJoinedRow(row: JoinedRow): Record<string, Json> {
  return { ...formatOutHashRow(row), unihash: row.depid, gc_mark: row.mark };
}

/** @throws {ProtocolError} */
export function parseOutHashRow(value: unknown): OutHashRow {
  const row = asRow(value);
  const { id } = row;
  if (typeof id !== "number") throw new ProtocolError(`answer: expected a number as id, found ${show(id)}`);
  return {
    id,
    method: text(row, "method"),
    taskhash: text(row, "taskhash"),
    outhash: text(row, "outhash"),
    created: textOrNull(row, "created"),
    details: {
      owner: textOrNull(row, "owner"),
      PN: textOrNull(row, "PN"),
      PV: textOrNull(row, "PV"),
      PR: textOrNull(row, "PR"),
      task: textOrNull(row, "task"),
      outhashSiginfo: textOrNull(row, "outhash_siginfo"),
    },
  };
}

/** @throws {ProtocolError} */
export function parseJoinedRow(value: unknown): JoinedRow & { readonly depid: DepId } {
  const row = asRow(value);
  return { ...parseOutHashRow(row), depid: depIdIn(row), mark: text(row, "gc_mark") };
}

/** @throws {ProtocolError} when the value is no object */
export function asRow(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ProtocolError(`answer: expected an object, found ${show(value)}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

/** How a value of an unexpected kind appears in a message; long ones are cut. */
export function show(value: unknown): string {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}

function depIdIn(row: Readonly<Record<string, unknown>>): DepId {
  if (!isDepId(row.unihash)) throw new ProtocolError(`answer: expected a valid unihash, found ${show(row.unihash)}`);
  return row.unihash;
}

function text(row: Readonly<Record<string, unknown>>, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new ProtocolError(`answer: expected text as ${column}, found ${show(value)}`);
  return value;
}

function textOrNull(row: Readonly<Record<string, unknown>>, column: string): string | null {
  return row[column] === null || row[column] === undefined ? null : text(row, column);
}
