import { ProtocolError } from "../errors.ts";
import { asRow, show } from "./answers.ts";
import type { Method } from "./method.ts";

/** Takes no arguments. */
export type DatabaseRequest = Record<never, never>;

/** How many rows each table of the database has. */
export const getDbUsage: Method<"get-db-usage", DatabaseRequest, ReadonlyMap<string, number>> = {
  name: "get-db-usage",
  parseArguments: () => ({}),
  formatArguments: () => ({}),
  formatAnswer: (tables) => ({ usage: Object.fromEntries([...tables].map(([table, rows]) => [table, { rows }])) }),
  parseAnswer(value) {
    const tables = Object.entries(asRow(asRow(value).usage));
    return new Map(
      tables.map(([table, usage]) => {
        const { rows } = asRow(usage);
        if (typeof rows !== "number") throw new ProtocolError(`answer: expected a number as rows, found ${show(rows)}`);
        return [table, rows];
      }),
    );
  },
};

/** Columns that `where` may name, by their names on the wire. */
export const getDbQueryColumns: Method<"get-db-query-columns", DatabaseRequest, readonly string[]> = {
  name: "get-db-query-columns",
  parseArguments: () => ({}),
  formatArguments: () => ({}),
  formatAnswer: (columns) => ({ columns }),
  parseAnswer(value) {
    const { columns } = asRow(value);
    if (!Array.isArray(columns) || !columns.every((column) => typeof column === "string")) {
      throw new ProtocolError(`answer: expected columns, found ${show(value)}`);
    }
    return columns;
  },
};

/** The columns of text; `created` is none, though conditions may name it (section 7). */
export const QUERY_COLUMNS: readonly string[] = [
  "method",
  "taskhash",
  "unihash",
  "gc_mark",
  "outhash",
  "owner",
  "PN",
  "PV",
  "PR",
  "task",
  "outhash_siginfo",
];
