import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { MarkCounts } from "../storage.ts";
import { bound } from "./values.ts";

/** Rows counted in one go. Then others have their turn, as the driver works in our only thread. */
const SLICE = 4_000;

/** Our large tables; all rows of others are counted in one go. */
const LARGE = new Set(["unihashes_v3", "outhashes_v2"]);
const TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";

/** The rows of each table, those of other programs included (section 7). */
export async function countRows(db: DatabaseSyncInstance): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { name } of db.prepare(TABLES).all() as { name: string }[]) {
    counts.set(name, LARGE.has(name) ? (await walk(db, name)).all : countAtOnce(db, name));
  }
  return counts;
}

/** How many equivalences have a mark, and how many another. */
export async function countMarks(db: DatabaseSyncInstance, mark: string): Promise<MarkCounts> {
  const { all, chosen } = await walk(db, "unihashes_v3", { column: "gc_mark", text: mark });
  return { equal: chosen, other: all - chosen };
}

/** Counts all rows of a table, and those that have a text in a column. */
async function walk(
  db: DatabaseSyncInstance,
  table: string,
  choice?: { readonly column: string; readonly text: string },
) {
  const isChosen = choice === undefined ? "0" : `${choice.column} = CAST(?3 AS TEXT)`;
  const statement = db.prepare(
    `SELECT max(id) AS last, count(*) AS n, ifnull(sum(chosen), 0) AS chosen FROM
     (SELECT id, ${isChosen} AS chosen FROM ${table} WHERE id > ?1 ORDER BY id LIMIT ?2)`,
  );
  const values = choice === undefined ? [] : [bound(choice.text)];
  let [all, chosen] = [0, 0];
  for (let after = 0; ; await new Promise((resolve) => setImmediate(resolve))) {
    const found = statement.get(after, SLICE, ...values) as { last: number | null; n: number; chosen: number };
    all += found.n;
    chosen += found.chosen;
    if (found.n < SLICE) return { all, chosen };
    after = found.last ?? after;
  }
}

function countAtOnce(db: DatabaseSyncInstance, table: string): number {
  return (db.prepare(`SELECT count(*) AS n FROM "${table.replaceAll('"', '""')}"`).get() as { n: number }).n;
}
