import { hashInSql } from "@depid/hash";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";

/**
 * The one table of the servers before today's two, with a row for each output: `tasks_v1` of 2019 (HTTP), `tasks_v2` of
 * BitBake 1.44 to 1.50. The reference drops the latter with its rows, and leaves the former lying.
 */
const OLD_TABLES = ["tasks_v2", "tasks_v1"] as const;

/** What was carried from an old table into those of today. */
export interface Carried {
  readonly table: string;
  readonly equivalences: number;
  readonly outputs: number;
  /** Rows that stay where they are, as their depid is none of today's: MD5 and SHA-1 were used, too. */
  readonly left: number;
}

const COLUMNS = "created, owner, PN, PV, PR, task, outhash_siginfo";
const IS_DEPID = hashInSql("unihash");

/**
 * Carries rows of old tables into those of today, which must be there. A taskhash with several depids gets that of its oldest row, which
 * is what those servers answered; what today's tables have already stays as it is.
 */
export function carryOldTables(db: DatabaseSyncInstance): readonly Carried[] {
  const tables = OLD_TABLES.filter((table) => isOfRows(db, table));
  // One of another form was never a server's: it goes, as the reference has it.
  if (!tables.includes("tasks_v2")) db.exec("DROP TABLE IF EXISTS tasks_v2");
  return tables.map((table) => carry(db, table));
}

/** Whether there is such a table, with the columns it had. */
function isOfRows(db: DatabaseSyncInstance, table: string): boolean {
  const wanted = `'${["id", "method", "taskhash", "outhash", "unihash", ...COLUMNS.split(", ")].join("', '")}'`;
  return count(db, `pragma_table_info('${table}')`, `name IN (${wanted})`) === 12;
}

function carry(db: DatabaseSyncInstance, table: string): Carried {
  const rows = `FROM ${table} WHERE ${IS_DEPID} ORDER BY created, id`;
  const equivalences = change(
    db,
    `INSERT OR IGNORE INTO unihashes_v3 (method, taskhash, unihash, gc_mark) SELECT method, taskhash, unihash, '' ${rows}`,
  );
  const outputs = change(
    db,
    `INSERT OR IGNORE INTO outhashes_v2 (method, taskhash, outhash, ${COLUMNS}) SELECT method, taskhash, outhash, ${COLUMNS} ${rows}`,
  );
  db.exec(`DELETE FROM ${table} WHERE ${IS_DEPID}`);
  const left = count(db, table, "1");
  if (left === 0) db.exec(`DROP TABLE ${table}`);
  return { table, equivalences, outputs, left };
}

function change(db: DatabaseSyncInstance, sql: string): number {
  return Number(db.prepare(sql).run().changes);
}

function count(db: DatabaseSyncInstance, table: string, where: string): number {
  const row = db.prepare(`SELECT count(*) AS count FROM ${table} WHERE ${where}`).get() as { readonly count: number };
  return Number(row.count);
}

/** A line for those who run the server; undefined if nothing was carried. */
export function describeCarried({ table, equivalences, outputs, left }: Carried): string | undefined {
  if (equivalences + outputs === 0) return undefined;
  const kept = left === 0 ? "" : `; ${left} rows stay there, as their unihash is none of today's (64 hex digits)`;
  return `${equivalences} equivalences and ${outputs} outputs of the old table ${table} were carried into those of today${kept}`;
}
