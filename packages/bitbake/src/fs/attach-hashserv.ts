import { outsideReason } from "@depid/hash";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { DatabaseError } from "../database-error.ts";
import { DROPPED_TABLE, EQUIVALENCE_TABLES, isServerTable, OUTHASH_TABLES, OUTHASH_TEXT } from "../hashserv-tables.ts";
import { distrust, type HashservFile, lookAtHashserv, tablesOf } from "./hashserv-file.ts";

const [NEW, OLD] = EQUIVALENCE_TABLES.map(({ table }) => table) as [string, string];
const [OUTHASHES] = OUTHASH_TABLES.map(({ table }) => table) as [string];

/** A server's database, attached to another for reading. */
export interface ServerTables {
  /** Whether its tables are those of a server before 2024, which had no marks. */
  readonly isOld: boolean;
  /** Rows of `tasks_v2`, of a server before 2020, which today's servers drop; `undefined` if there is no such table. */
  readonly droppedRows: number | undefined;
  /** Whether there is nothing else: no equivalence that a server of today would know. */
  readonly hasNothingElse: boolean;
  readonly isWal: boolean;
  /** Bytes of its write-ahead log when it was opened. */
  readonly logBytes: number;
  /** Whether somebody wrote while it was read as if nobody did. */
  hasChanged(): boolean;
}

/**
 * Attaches the database of a hash equivalence server, BitBake's or ours, as `server`, and makes the views `equivalence` and `outhash` of it.
 * Nothing is written: with no write-ahead log beside it, the file is opened as one that nobody changes, so that none comes about.
 *
 * @throws {DatabaseError} when it cannot be read, or is no such database
 */
export function attachServer(db: DatabaseSyncInstance, path: string): ServerTables {
  const { isWal, logBytes, location, hasChanged } = look(path);
  try {
    db.exec("COMMIT"); // damage met later undoes a transaction that is under way
    distrust(db);
    db.prepare("ATTACH ? AS server").run(location);
    const tables = tablesOf(db, "server");
    const droppedRows = tables.has(DROPPED_TABLE)
      ? Number(Object.values(db.prepare(`SELECT count(*) FROM server.${DROPPED_TABLE}`).get() as object)[0])
      : undefined;
    if (droppedRows !== undefined && !tables.has(OLD) && !tables.has(NEW)) {
      return { isOld: false, droppedRows, hasNothingElse: true, isWal, logBytes, hasChanged };
    }
    const isOld = !tables.has(NEW);
    const equivalences = isOld ? OLD : NEW;
    if (!tables.has(equivalences) || !tables.has(OUTHASHES)) {
      const found = [...tables].sort().join(", ");
      throw new DatabaseError(path, `expected tables ${NEW} and ${OUTHASHES}, found ${found || "none"}`, {
        kind: [...tables].some(isServerTable) ? "old" : "empty",
      });
    }
    db.exec(`
      CREATE TEMP VIEW equivalence AS SELECT method, taskhash, unihash AS depid, ${isOld ? "''" : "gc_mark"} AS mark FROM server.${equivalences};
      CREATE TEMP VIEW outhash AS SELECT id, method, taskhash, outhash, created, owner, PN AS recipe, task, ${OUTHASH_TEXT} AS text FROM server.${OUTHASHES};
      CREATE TEMP VIEW setting AS SELECT name, value FROM ${tables.has("config") ? "server.config" : "(SELECT '' AS name, '' AS value)"};`);
    return { isOld: tables.has(OLD), droppedRows, hasNothingElse: false, isWal, logBytes, hasChanged };
  } catch (cause) {
    if (cause instanceof DatabaseError) throw cause;
    throw new DatabaseError(path, reasonOf(cause), { cause });
  }
}

/** What SQLite says of a file whose pages make no sense; `undefined` for any other error. */
export function findDamage(error: unknown): string | undefined {
  const isDamage = error instanceof Error && /malformed|corrupt|not a database/.test(error.message);
  return isDamage ? error.message : undefined;
}

/** What `quick_check` complains of, at most 20 lines. */
export function quickCheck(db: DatabaseSyncInstance): readonly string[] {
  try {
    const lines = db.prepare("PRAGMA server.quick_check(20)").all();
    return lines.map((row) => String(Object.values(row as object)[0])).filter((line) => line !== "ok");
  } catch (error) {
    return [reasonOf(error)];
  }
}

function look(path: string): HashservFile {
  let file: HashservFile;
  try {
    file = lookAtHashserv(path);
  } catch (cause) {
    throw new DatabaseError(path, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
  if (file.content === "sqlite") return file;
  if (file.content === "other") throw new DatabaseError(path, "expected a SQLite database, found something else");
  throw new DatabaseError(path, "expected a database of a hash equivalence server, found an empty file", {
    kind: "empty",
  });
}

function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return "expected a database, found a directory";
  return outsideReason(cause);
}
