import { closeSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";

const MAGIC = "SQLite format 3\0";
/** Byte of a SQLite file that is 2 if it uses a write-ahead log. */
const FORMAT_AT = 18;
const HEADER_BYTES = 100;

/** A hash equivalence server's database, looked at before SQLite opens it. */
export interface HashservFile {
  /** `sqlite`, or what else it is. */
  readonly content: "sqlite" | "empty" | "other";
  readonly isWal: boolean;
  /** Bytes of its write-ahead log. */
  readonly logBytes: number;
  /** What SQLite is to open: with nobody at it, as a file that nobody changes, so that no other comes about beside it. */
  readonly location: string;
  /** Whether somebody began to write while it was read as if nobody did. */
  hasChanged(): boolean;
}

/** @throws an error of the system's when it cannot be read */
export function lookAtHashserv(file: string): HashservFile {
  const stats = statSync(file);
  if (!stats.isFile()) throw Object.assign(new Error("expected a file"), { code: "EISDIR" });
  const header = headerOf(file);
  const isQuiet = isAtRest(file);
  return {
    content: header.length === 0 ? "empty" : header.toString("latin1", 0, MAGIC.length) === MAGIC ? "sqlite" : "other",
    isWal: header[FORMAT_AT] === 2,
    logBytes: statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    location: `${pathToFileURL(resolve(file)).href}?mode=ro${isQuiet ? "&immutable=1" : ""}`,
    hasChanged: () => isQuiet && !isSame(file, stats),
  };
}

/** For every connection to a file of somebody else's: what its schema names is not run, and nothing is written. */
export function distrust(db: DatabaseSyncInstance): void {
  db.exec("PRAGMA trusted_schema = OFF");
}

/** Tables of a database that is open. Views and virtual tables could hold anything, without end. */
export function tablesOf(db: DatabaseSyncInstance, schema: "main" | "server" = "main"): ReadonlySet<string> {
  const sql = `SELECT name FROM ${schema}.sqlite_master WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite_%'`;
  return new Set(
    db
      .prepare(sql)
      .all()
      .map((row) => String((row as { name: unknown }).name)),
  );
}

function headerOf(file: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const fd = openSync(file, "r");
  try {
    return header.subarray(0, readSync(fd, header, 0, header.length, 0));
  } finally {
    closeSync(fd);
  }
}

/** Whoever has it open has a log with rows, or memory that is shared by a file. */
function isAtRest(file: string): boolean {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  const shared = statSync(`${file}-shm`, { throwIfNoEntry: false });
  return (log === undefined || log.size === 0) && shared === undefined;
}

function isSame(file: string, before: Stats): boolean {
  const now = statSync(file, { throwIfNoEntry: false });
  return now?.mtimeMs === before.mtimeMs && now.size === before.size && isAtRest(file);
}
