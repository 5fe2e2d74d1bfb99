import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { type Carried, carryOldTables } from "./old-tables.ts";

/**
 * The tables and indexes of the reference (section 13), two of which differ. `outhash_lookup_v3` also holds `created`, so
 * that the oldest row of an output is its first entry however many rows there are. `taskhash_lookup_v4` repeats the index
 * that UNIQUE makes: it is left empty, which saves a tenth of the file and of the time a report takes. Both have the
 * reference's names, which therefore keeps them; it looks taskhashes up in the other index.
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS unihashes_v3 (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  method TEXT NOT NULL,
  taskhash TEXT NOT NULL,
  unihash TEXT NOT NULL,
  gc_mark TEXT NOT NULL,
  UNIQUE(method, taskhash)
);
CREATE TABLE IF NOT EXISTS outhashes_v2 (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  method TEXT NOT NULL,
  taskhash TEXT NOT NULL,
  outhash TEXT NOT NULL,
  created DATETIME,
  owner TEXT,
  PN TEXT,
  PV TEXT,
  PR TEXT,
  task TEXT,
  outhash_siginfo TEXT,
  UNIQUE(method, taskhash, outhash)
);
CREATE TABLE IF NOT EXISTS users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  username TEXT NOT NULL,
  token TEXT NOT NULL,
  permissions TEXT NOT NULL,
  UNIQUE(username)
);
CREATE TABLE IF NOT EXISTS config (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  value TEXT,
  UNIQUE(name)
);`;

const INDEXES = `
CREATE INDEX IF NOT EXISTS taskhash_lookup_v4 ON unihashes_v3 (method, taskhash) WHERE 0;
CREATE INDEX IF NOT EXISTS unihash_lookup_v1 ON unihashes_v3 (unihash);
CREATE INDEX IF NOT EXISTS outhash_lookup_v3 ON outhashes_v2 (method, outhash, created);
CREATE INDEX IF NOT EXISTS config_lookup ON config (name);`;

/**
 * Counts each equivalence that goes away or changes, whichever process does it: the triggers are the file's. The number is
 * kept where SQLite keeps those of other tables, so that no table is added; other programs, which ask for theirs by name,
 * do not see it.
 */
const REMOVALS = `
INSERT INTO sqlite_sequence (name, seq) SELECT 'depid_removals', 0
  WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'depid_removals');
CREATE TRIGGER IF NOT EXISTS depid_removal AFTER DELETE ON unihashes_v3
  BEGIN UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'depid_removals'; END;
CREATE TRIGGER IF NOT EXISTS depid_change AFTER UPDATE OF method, taskhash, unihash ON unihashes_v3
  BEGIN UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'depid_removals'; END;`;

/** How many equivalences have gone away or changed since the file counts them; no row if it does not. */
export const COUNT_REMOVALS = `
SELECT seq FROM sqlite_sequence WHERE name = 'depid_removals' AND 2 = (
  SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN ('depid_removal', 'depid_change'))`;

const OBSOLETE = `
DROP INDEX IF EXISTS taskhash_lookup;
DROP INDEX IF EXISTS outhash_lookup;
DROP INDEX IF EXISTS taskhash_lookup_v2;
DROP INDEX IF EXISTS outhash_lookup_v2;
DROP INDEX IF EXISTS taskhash_lookup_v3;`;

/** The map before it had a mark; its rows keep their ids. */
const FROM_V2 = `
INSERT OR IGNORE INTO unihashes_v3 (id, method, taskhash, unihash, gc_mark)
  SELECT id, method, taskhash, unihash, '' FROM unihashes_v2;
DROP TABLE unihashes_v2;`;

/** The reference's own `taskhash_lookup_v4`. */
const FULL_COPY = "SELECT 1 FROM pragma_index_list('unihashes_v3') WHERE name = 'taskhash_lookup_v4' AND NOT partial";

/**
 * Creates what is missing and brings what is old up to date, all or nothing. Data of other tables is left alone.
 *
 * @returns what was carried from tables of old servers
 */
export function migrate(db: DatabaseSyncInstance): readonly Carried[] {
  db.exec("BEGIN IMMEDIATE");
  try {
    db.exec(TABLES);
    db.exec(OBSOLETE);
    if (has(db, "unihashes_v2")) db.exec(FROM_V2);
    if (db.prepare("PRAGMA index_info(outhash_lookup_v3)").all().length === 2) db.exec("DROP INDEX outhash_lookup_v3");
    if (db.prepare(FULL_COPY).get() !== undefined) db.exec("DROP INDEX taskhash_lookup_v4");
    db.exec(INDEXES);
    const carried = carryOldTables(db);
    db.exec(REMOVALS);
    db.exec("COMMIT");
    return carried;
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

function has(db: DatabaseSyncInstance, table: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined;
}
