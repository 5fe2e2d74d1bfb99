import type { SstateFile } from "@depid/bitbake";
import { objectOfPart, sstateTaskOf } from "@depid/sstate";
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from "@photostructure/sqlite";

/**
 * Tables in a temporary file that SQLite removes by itself: the names of an sstate directory, and what a server was asked. They are
 * as large as they must be; memory does not grow with them.
 */
export class Workbench {
  /** For the queries of this package. */
  readonly db: DatabaseSyncInstance;
  readonly #insertFile: StatementSyncInstance;
  readonly #insertSiginfo: StatementSyncInstance;
  readonly #insertKnown: StatementSyncInstance;
  readonly #insertAnswer: StatementSyncInstance;

  constructor() {
    this.db = new DatabaseSync("");
    this.db.exec(TABLES);
    this.#insertFile = this.db.prepare(
      `INSERT INTO object VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (path) DO UPDATE SET has_object = has_object OR excluded.has_object, has_siginfo = has_siginfo OR excluded.has_siginfo`,
    );
    this.#insertSiginfo = this.db.prepare("INSERT OR REPLACE INTO siginfo VALUES (?, ?)");
    this.#insertKnown = this.db.prepare("INSERT OR IGNORE INTO known VALUES (?, 1)");
    this.#insertAnswer = this.db.prepare("INSERT OR IGNORE INTO answer VALUES (?, ?, ?)");
    this.db.exec("BEGIN");
  }

  /** Keeps what matters for the joins. Files without a depid in their name do not. */
  addFile({ path, kind, name, bytes }: SstateFile): void {
    if (name === undefined || bytes === undefined || (kind !== "object" && kind !== "siginfo")) return;
    const isObject = kind === "object";
    this.#insertFile.run(
      objectOfPart(path, kind),
      name.depid,
      name.pn,
      sstateTaskOf(name.task),
      isObject ? 1 : 0,
      isObject ? 0 : 1,
    );
  }

  /** @param path of the object, relative to the sstate directory */
  addSiginfo(path: string, taskhash: string): void {
    this.#insertSiginfo.run(path, taskhash);
  }

  /** A live server knows this depid. */
  addKnown(depid: string): void {
    this.#insertKnown.run(depid);
  }

  /** A live server maps this taskhash to this depid. */
  addAnswer(method: string, taskhash: string, depid: string): void {
    this.#insertAnswer.run(method, taskhash, depid);
  }

  /** Objects with siginfo beside them, by path: by their hashes, and therefore as good as drawn by lot. */
  *objectsToRead(limit: number): Generator<string> {
    const rows = this.db.prepare("SELECT path FROM object WHERE has_object AND has_siginfo ORDER BY path LIMIT ?");
    for (const row of rows.iterate(limit)) yield String((row as { path: unknown }).path);
  }

  /** How many objects have siginfo. */
  countReadable(): number {
    const row = this.db.prepare("SELECT count(*) AS rows FROM object WHERE has_object AND has_siginfo").get();
    return Number((row as { rows: unknown }).rows);
  }

  /** Depids of all objects, each once. */
  depids(): Generator<string> {
    return this.#texts("SELECT DISTINCT depid AS text FROM object WHERE has_object");
  }

  /** Taskhashes of all siginfo that was read, each once. */
  taskhashes(): Generator<string> {
    return this.#texts("SELECT DISTINCT taskhash AS text FROM siginfo");
  }

  close(): void {
    this.db.close();
  }

  *#texts(sql: string): Generator<string> {
    for (const row of this.db.prepare(sql).iterate()) yield String((row as { text: unknown }).text);
  }
}

/** Everything is written in one transaction that nobody waits for; the file is gone when the connection is. */
const TABLES = `
PRAGMA journal_mode = MEMORY;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -200000;
CREATE TABLE object (
  path TEXT PRIMARY KEY, depid TEXT NOT NULL, recipe TEXT NOT NULL, task TEXT NOT NULL,
  has_object INTEGER NOT NULL, has_siginfo INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE siginfo (path TEXT PRIMARY KEY, taskhash TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE known (depid TEXT PRIMARY KEY, equivalences INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE answer (method TEXT NOT NULL, taskhash TEXT NOT NULL, depid TEXT NOT NULL, PRIMARY KEY (method, taskhash)) WITHOUT ROWID;
`;
