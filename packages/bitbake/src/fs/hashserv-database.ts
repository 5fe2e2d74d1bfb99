import { setImmediate } from "node:timers/promises";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { BitbakeFileError } from "../file-error.ts";
import type { EquivalenceRow, OutHashRow } from "../hashserv-row.ts";
import { EQUIVALENCE_TABLES, type KnownTable, OUTHASH_COLUMNS, OUTHASH_TABLES } from "../hashserv-tables.ts";
import { LeftOut, type RowSource } from "../table.ts";
import { distrust, type HashservFile, lookAtHashserv, tablesOf } from "./hashserv-file.ts";
import { reasonOf } from "./text-lines.ts";

/** A hash equivalence server's database, as a file. To be closed. */
export interface HashservDatabase {
  /** Which tables its rows come from, such as "unihashes_v3, outhashes_v2". */
  readonly schema: string;
  /** The map from (method, taskhash) to depid. */
  equivalences(): RowSource<EquivalenceRow>;
  /** What was reported. */
  outhashes(): RowSource<OutHashRow>;
  close(): void;
}

/** Rows read in one go. Between two a server may write, and others of our process have their turn. */
const SLICE = 2_000;
/** Milliseconds to wait, blocking, for a server that is busy. */
const WAIT_MS = 5_000;
type Text = string | null;

/**
 * Opens a `hashserv.db` for reading, of today's schema or an older one (unihashes_v2, tasks_v2). A server may go on writing: rows come in the order of
 * their ids, some at a time, each once. Nothing is written; beside a database that no server has open no file is made.
 *
 * @throws {BitbakeFileError} when it is no such database
 */
export function openHashservDatabase(file: string): HashservDatabase {
  const look = checkFile(file);
  const db = guarded(file, () => open(look));
  try {
    const equivalences = findTable(db, file, EQUIVALENCE_TABLES);
    const outhashes = findTable(db, file, OUTHASH_TABLES);
    if (equivalences === undefined || outhashes === undefined) throw otherTables(db, file);
    const check = () => {
      if (look.hasChanged())
        throw new BitbakeFileError(file, 0, "a server began to write while it was read; read it again");
    };
    const header = { source: file, assumed: [`tables ${equivalences.table} and ${outhashes.table}`] };
    return {
      schema: [...new Set([equivalences.table, outhashes.table])].join(", "),
      equivalences: () => ({
        header: { ...header, table: "equivalences", unknown: ["when a row was made, and by which report"] },
        rows: slicesOf(db, file, equivalences, check, ([method, taskhash, depid, mark = null]) => ({
          method: method ?? "",
          taskhash: taskhash ?? "",
          depid: depid ?? "",
          mark,
        })),
        leftOut: new LeftOut(),
      }),
      outhashes: () => ({
        header: { ...header, table: "outhashes", unknown: ["reports that the server removed"] },
        rows: slicesOf(db, file, outhashes, check, outHashRow),
        leftOut: new LeftOut(),
      }),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

function outHashRow(values: readonly Text[], siginfo: number | null): OutHashRow {
  const [method, taskhash, outhash, created = null, owner = null, pn = null, pv = null, pr = null, task = null] =
    values;
  const keys = { method: method ?? "", taskhash: taskhash ?? "", outhash: outhash ?? "" };
  return { ...keys, created, owner, pn, pv, pr, task, siginfo };
}

/** Texts are cast, as SQLite lets any value stand in any column. */
async function* slicesOf<Row>(
  db: DatabaseSyncInstance,
  file: string,
  { table, columns }: KnownTable,
  check: () => void,
  rowOf: (values: readonly Text[], siginfo: number | null) => Row,
): AsyncGenerator<Row> {
  const siginfo = columns === OUTHASH_COLUMNS ? "length(outhash_siginfo)" : "NULL";
  const texts = columns.map((column) => `CAST(${column} AS TEXT)`).join(", ");
  const statement = guarded(file, () =>
    db.prepare(`SELECT rowid, ${siginfo}, ${texts} FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${SLICE}`),
  );
  statement.setReturnArrays(true);
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = guarded(file, () => statement.all(after)) as unknown as [number, number | null, ...Text[]][];
    for (const [, length, ...values] of rows) yield rowOf(values, length);
    check();
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last[0];
    await setImmediate();
  }
}

function open({ location }: HashservFile): DatabaseSyncInstance {
  const db = new DatabaseSync(location, { readOnly: true, timeout: WAIT_MS });
  try {
    db.exec("PRAGMA query_only = ON");
    distrust(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function findTable(db: DatabaseSyncInstance, file: string, candidates: readonly KnownTable[]): KnownTable | undefined {
  const found = guarded(file, () => tablesOf(db));
  const known = candidates.find(({ table }) => found.has(table));
  if (known === undefined) return undefined;
  const columns = guarded(file, () => db.prepare(`SELECT name FROM pragma_table_info('${known.table}')`).all());
  const names = new Set((columns as { name: string }[]).map(({ name }) => name));
  const missing = known.columns.find((column) => !names.has(column));
  if (missing === undefined) return known;
  throw new BitbakeFileError(file, 0, `expected a column ${missing} in the table ${known.table}, found none`);
}

function otherTables(db: DatabaseSyncInstance, file: string): BitbakeFileError {
  const names = [...guarded(file, () => tablesOf(db))].slice(0, 5);
  const found = names.length === 0 ? "no table" : JSON.stringify(names.join(", "));
  return new BitbakeFileError(
    file,
    0,
    `expected a hash equivalence server's tables (unihashes_v3 or unihashes_v2 with outhashes_v2, or tasks_v2), found ${found}`,
  );
}

function checkFile(file: string): HashservFile {
  let look: HashservFile;
  try {
    look = lookAtHashserv(file);
  } catch (cause) {
    throw new BitbakeFileError(file, 0, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
  if (look.content !== "sqlite") throw new BitbakeFileError(file, 0, "expected an SQLite database, found another file");
  return look;
}

function guarded<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof BitbakeFileError) throw cause;
    throw new BitbakeFileError(file, 0, `cannot be read by SQLite: ${reasonOf(cause)}`, { cause });
  }
}
