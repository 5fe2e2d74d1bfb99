import { existsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { outsideReason } from "@depid/hash";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { DatabaseError } from "../errors.ts";

/** A server's database, attached to a workbench for reading. */
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

/** Bytes 18 and 19 of a SQLite file: 2 if it uses a write-ahead log. */
const FORMAT_AT = 18;
/** Tables of any release of BitBake's server that hold what was reported. */
const OF_SERVERS = /^(?:tasks|unihashes|outhashes)_v\d+$/;
const MAGIC = "SQLite format 3\0";

/**
 * Attaches the database of a hash equivalence server, BitBake's or ours, as `server`, and makes the views `equivalence` and `outhash` of it.
 * Nothing is written: with no write-ahead log beside it, the file is opened as one that nobody changes, so that none comes about.
 *
 * @throws {DatabaseError} when it cannot be read, or is no such database
 */
export async function attachServer(db: DatabaseSyncInstance, path: string): Promise<ServerTables> {
  const { isWal, isEmpty } = await readHeader(path);
  if (isEmpty)
    throw new DatabaseError(path, "expected a database of a hash equivalence server, found an empty file", {
      kind: "empty",
    });
  const logBytes = sizeOf(`${path}-wal`);
  const isQuiet = !existsSync(`${path}-wal`);
  const before = stateOf(path);
  try {
    const uri = `${pathToFileURL(resolve(path)).href}?mode=ro${isQuiet ? "&immutable=1" : ""}`;
    db.exec("COMMIT"); // damage met later undoes a transaction that is under way
    db.prepare("ATTACH ? AS server").run(uri);
    const tables = new Set(
      db
        .prepare("SELECT name FROM server.sqlite_master WHERE type = 'table'")
        .all()
        .map((row) => String((row as { name: unknown }).name)),
    );
    const droppedRows = tables.has("tasks_v2")
      ? Number(Object.values(db.prepare("SELECT count(*) FROM server.tasks_v2").get() as object)[0])
      : undefined;
    const hasChanged = () => isQuiet && stateOf(path) !== before;
    if (droppedRows !== undefined && !tables.has("unihashes_v2") && !tables.has("unihashes_v3")) {
      return { isOld: false, droppedRows, hasNothingElse: true, isWal, logBytes, hasChanged };
    }
    const isOld = !tables.has("unihashes_v3");
    const equivalences = isOld ? "unihashes_v2" : "unihashes_v3";
    if (!tables.has(equivalences) || !tables.has("outhashes_v2")) {
      const found = [...tables].sort().join(", ");
      throw new DatabaseError(path, `expected tables unihashes_v3 and outhashes_v2, found ${found || "none"}`, {
        kind: [...tables].some((name) => OF_SERVERS.test(name)) ? "old" : "empty",
      });
    }
    db.exec(`
      CREATE TEMP VIEW equivalence AS SELECT method, taskhash, unihash AS depid, ${isOld ? "''" : "gc_mark"} AS mark FROM server.${equivalences};
      CREATE TEMP VIEW outhash AS SELECT method, taskhash, outhash, created, PN AS recipe, task, outhash_siginfo AS text FROM server.outhashes_v2;
      CREATE TEMP VIEW setting AS SELECT name, value FROM ${tables.has("config") ? "server.config" : "(SELECT '' AS name, '' AS value)"};`);
    return { isOld: tables.has("unihashes_v2"), droppedRows, hasNothingElse: false, isWal, logBytes, hasChanged };
  } catch (cause) {
    if (cause instanceof DatabaseError) throw cause;
    throw new DatabaseError(path, reasonOf(cause), { cause });
  }
}

/** Puts the depids of the attached server on the workbench, for the joins. */
export function collectDepids(db: DatabaseSyncInstance): void {
  db.exec("INSERT INTO known SELECT depid, count(*) FROM equivalence GROUP BY depid");
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

async function readHeader(path: string): Promise<{ readonly isWal: boolean; readonly isEmpty: boolean }> {
  try {
    const file = await open(path, "r");
    try {
      const header = Buffer.alloc(100);
      const { bytesRead } = await file.read(header, 0, header.length, 0);
      if (bytesRead > 0 && header.toString("latin1", 0, MAGIC.length) !== MAGIC) {
        throw new DatabaseError(path, "expected a SQLite database, found something else");
      }
      return { isWal: header[FORMAT_AT] === 2, isEmpty: bytesRead === 0 };
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof DatabaseError) throw cause;
    throw new DatabaseError(path, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

function stateOf(path: string): string {
  const { mtimeMs, size } = statSync(path);
  return `${mtimeMs} ${size} ${existsSync(`${path}-wal`)}`;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return "expected a database, found a directory";
  return outsideReason(cause);
}
