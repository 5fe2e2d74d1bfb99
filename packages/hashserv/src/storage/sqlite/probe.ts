import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { prepareColumns } from "./values.ts";

/** Rows of each table that are looked at: enough to find a file that was cut or overwritten, as cheap as some look-ups. */
const ROWS = 4;

/** A row from a random place on, and whether the indexes lead to it, as for a look-up. */
const TABLES = [
  {
    table: "unihashes_v3",
    isFound: `EXISTS (SELECT 1 FROM unihashes_v3 WHERE method = r.method AND taskhash = r.taskhash AND +id = r.id)
      AND EXISTS (SELECT 1 FROM unihashes_v3 WHERE unihash = r.unihash AND +id = r.id)`,
  },
  {
    table: "outhashes_v2",
    isFound: `EXISTS (SELECT 1 FROM outhashes_v2
        WHERE method = r.method AND taskhash = r.taskhash AND outhash = r.outhash AND +id = r.id)
      AND EXISTS (SELECT 1 FROM outhashes_v2
        WHERE method = r.method AND outhash = r.outhash AND created IS r.created AND +id = r.id)`,
  },
];

/**
 * Prepares a look at some rows of a database, wherever they lie, as the file has them now: pages in memory are dropped
 * before. What it does not come across it does not find.
 *
 * @param db a connection for this alone
 * @param random gives numbers from 0 up to 1
 * @returns does it. @throws what SQLite throws, or when an index does not have a row of its table
 */
export function prepareProbe(db: DatabaseSyncInstance, random: () => number = Math.random): () => void {
  const looks = TABLES.map(({ table, isFound }) => ({
    table,
    last: prepareColumns(db, `SELECT ifnull(max(id), 0) FROM ${table}`),
    row: prepareColumns(db, `SELECT ${isFound} FROM (SELECT * FROM ${table} WHERE id >= ?1 ORDER BY id LIMIT 1) AS r`),
  }));
  return () => {
    db.exec("PRAGMA shrink_memory");
    for (const { table, last, row } of looks) {
      const [end] = last.get() as unknown as [number];
      for (let i = 0; i < ROWS; i++) {
        const found = row.get(Math.ceil(random() * end)) as unknown as [number] | undefined;
        if (found?.[0] === 0) throw new Error(`database disk image is malformed: an index lacks a row of ${table}`);
      }
    }
  };
}
