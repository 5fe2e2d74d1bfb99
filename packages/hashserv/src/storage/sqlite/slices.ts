import type { DatabaseSyncInstance, StatementSyncInstance } from "@photostructure/sqlite";
import type { Slice, SliceDone } from "../storage.ts";
import { type Bound, bound } from "./values.ts";

type Table = "unihashes_v3" | "outhashes_v2";

/** What a column of a condition is called in the file, where not as with us. */
const COLUMNS: Readonly<Record<string, string>> = {
  depid: "unihash",
  mark: "gc_mark",
  outhashSiginfo: "outhash_siginfo",
};
/** Columns of which an index finds the few rows that have certain values in them. */
const FOUND_BY: Readonly<Record<Table, readonly (readonly string[])[]>> = {
  unihashes_v3: [["depid"], ["method", "taskhash"]],
  outhashes_v2: [
    ["method", "taskhash"],
    ["method", "outhash"],
  ],
};

/** Changes of many rows, on the connection that writes, a slice at a time. */
export class SqliteSlices {
  readonly #db: DatabaseSyncInstance;
  readonly #statements = new Map<string, StatementSyncInstance>();

  constructor(db: DatabaseSyncInstance) {
    this.#db = db;
  }

  /** Marks rows for which conditions hold. Those found by an index are in order of their ids there, too. */
  mark(where: Readonly<Record<string, string>>, mark: string, slice: Slice): SliceDone {
    const set = "UPDATE unihashes_v3 SET gc_mark = CAST(?1 AS TEXT) WHERE";
    if (!isFound("unihashes_v3", where)) return this.walk("unihashes_v3", set, [mark], where, slice);
    const { sql, values } = conditions(where, "", 4);
    const ids = `SELECT id FROM unihashes_v3 WHERE ${sql} AND id > ?2 ORDER BY id LIMIT ?3`;
    const [last, found] = this.#get(`SELECT max(id), count(*) FROM (${ids})`, [null, ...sliceValues(slice), ...values]);
    const changed = this.#run(`${set} id IN (${ids})`, [bound(mark), ...sliceValues(slice), ...values]);
    return { count: changed, next: found === slice.limit ? (last ?? undefined) : undefined };
  }

  /** Removes rows for which conditions hold. */
  remove(table: Table, where: Readonly<Record<string, string>>, slice: Slice): SliceDone {
    if (!isFound(table, where)) return this.walk(table, `DELETE FROM ${table} WHERE`, [], where, slice);
    const { sql, values } = conditions(where, "", 2);
    const ids = `SELECT id FROM ${table} WHERE ${sql} LIMIT ?1`;
    const count = this.#run(`DELETE FROM ${table} WHERE id IN (${ids})`, [slice.limit, ...values]);
    // Those removed are not met again: no need to note how far we came.
    return { count, next: count === slice.limit ? slice.after : undefined };
  }

  /**
   * Changes those of the next rows for which conditions hold; without an index, so that as many rows are looked at as
   * the slice allows.
   *
   * @param change a statement up to and with WHERE; it may use `values` as ?1 and so on
   */
  walk(
    table: Table,
    change: string,
    values: readonly string[],
    where: Readonly<Record<string, string>>,
    slice: Slice,
    more = "",
  ): SliceDone {
    const [last, found] = this.#get(
      `SELECT max(id), count(*) FROM (SELECT id FROM ${table} WHERE id > ?1 ORDER BY id LIMIT ?2)`,
      sliceValues(slice),
    );
    if (found === 0) return { count: 0, next: undefined };
    const from = values.length + 1;
    const chosen = conditions(where, "+", from + 2);
    const sql = [`id > ?${from} AND id <= ?${from + 1}`, chosen.sql, more].filter((part) => part !== "").join(" AND ");
    const count = this.#run(`${change} ${sql}`, [...values.map(bound), slice.after, last ?? 0, ...chosen.values]);
    return { count, next: found === slice.limit ? (last ?? undefined) : undefined };
  }

  #run(sql: string, values: readonly Bound[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  #get(sql: string, values: readonly Bound[]): readonly [number | null, number] {
    const statement = this.#prepare(sql);
    statement.setReturnArrays(true);
    return statement.get(...values) as unknown as [number | null, number];
  }

  /** There are as many texts as there are sets of columns that clients have asked for: each is a command's own. */
  #prepare(sql: string): StatementSyncInstance {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function isFound(table: Table, where: Readonly<Record<string, string>>): boolean {
  return FOUND_BY[table].some((columns) => columns.every((column) => where[column] !== undefined));
}

/** @param sign "+" keeps an index from being used */
function conditions(where: Readonly<Record<string, string>>, sign: "" | "+", first: number) {
  const entries = Object.entries(where).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    sql: entries
      .map(([column], i) => `${sign}${COLUMNS[column] ?? column} = CAST(?${first + i} AS TEXT)`)
      .join(" AND "),
    values: entries.map(([, text]) => bound(text)),
  };
}

function sliceValues({ after, limit }: Slice): readonly [number, number] {
  return [after, limit];
}
