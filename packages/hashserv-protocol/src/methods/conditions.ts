import type { ConditionColumn, Conditions } from "../rows.ts";
import { asArguments, readText } from "./arguments.ts";

/** Which of our names a column has; its own is that of the wire. */
const COLUMNS: Readonly<Record<string, ConditionColumn>> = {
  method: "method",
  taskhash: "taskhash",
  unihash: "depid",
  gc_mark: "mark",
  outhash: "outhash",
  created: "created",
  owner: "owner",
  PN: "PN",
  PV: "PV",
  PR: "PR",
  task: "task",
  outhash_siginfo: "outhashSiginfo",
};

/**
 * The argument `where`. What is no column, and what is null, is ignored: with nothing left, nothing matches
 * (section 10).
 *
 * @throws {InvalidRequestError}
 */
export function readConditions(args: Readonly<Record<string, unknown>>): Conditions {
  const where = asArguments(Object.hasOwn(args, "where") ? args.where : undefined, "argument 'where'");
  const conditions: Partial<Record<ConditionColumn, string>> = {};
  for (const [name, column] of Object.entries(COLUMNS)) {
    const value = Object.hasOwn(where, name) ? where[name] : null;
    if (value === null) continue;
    // As SQLite compares them with text.
    const isNumber = typeof value === "number" || typeof value === "boolean";
    conditions[column] = isNumber ? String(Number(value)) : readText(where, name);
  }
  return conditions;
}

/** The inverse of `readConditions`. */
export function formatConditions(conditions: Conditions): Record<string, string> {
  const found = Object.entries(COLUMNS).map(([name, column]) => [name, conditions[column]]);
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
