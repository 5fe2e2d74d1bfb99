import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import { crc32 } from "node:zlib";
import { isSystemError } from "@depid/hash";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { StorageError } from "../../errors.ts";
import type { Durability } from "../storage.ts";

/** Characters of the checksum in front of each text. */
const CHECKSUM = 8;

/**
 * Texts that are safe before they are in a database file, beside that file: what is added survives the end of the
 * process.They lie in segments, each of which is dropped as a whole. One process may have the journal of a database.
 *
 * A segment has a line for each text, with its checksum in front. A line that was not written to its end, which only
 * the last can be, was never answered for. Another that does not fit its checksum is damaged: those behind it count, and its
 * segment is kept beside when the others are dropped.
 */
export class ReportJournal {
  readonly #path: string;
  readonly #lock: DatabaseSyncInstance;
  readonly #durability: Durability;
  readonly #left: readonly number[];
  #segment: Segment | undefined;
  #next: number;

  /** Whether a database file has a journal with something in it: one in use, or one that a process has left behind. */
  static exists(database: string): boolean {
    return findSegments(journalPath(database)).length > 0;
  }

  /**
   * Locks the journal against a server that writes behind. Any number of servers that write to the tables at once may hold this lock.
   *
   * @returns ends the lock
   *
   * @throws {StorageError} when another process has it
   */
  static keepAway(database: string): () => void {
    const path = journalPath(database);
    const db = lock(path, "BEGIN; SELECT count(*) FROM sqlite_master");
    return () => {
      db.exec("ROLLBACK");
      removeIfLast(path);
      db.close();
    };
  }

  /** The segments that a process has left behind, if none has the journal of a database now. */
  static findAbandoned(database: string): readonly string[] {
    const path = journalPath(database);
    const segments = findSegments(path);
    return segments.length === 0 || isLocked(path) ? [] : segments.map((segment) => `${path}.${segment}`);
  }

  /** @throws {StorageError} when another process has it, or writes to the tables */
  constructor(database: string, durability: Durability) {
    this.#path = journalPath(database);
    this.#durability = durability;
    this.#lock = lock(this.#path, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    this.#left = findSegments(this.#path);
    this.#next = (this.#left.at(-1) ?? 0) + 1;
  }

  /** What was there when the journal was opened, segment by segment, in the order it was added. */
  readLeft(): readonly LeftSegment[] {
    return this.#left.map((segment) => readSegment(this.#name(segment)));
  }

  /** Forgets what was left. What could not be read whole is kept under another name, for a person to look at. */
  dropLeft(): void {
    for (const { name, damaged } of this.readLeft()) {
      if (damaged === 0) rmSync(name, { force: true });
      else renameSync(name, freeName(name));
    }
  }

  /** Adds a text without line ends to the segment under way. When this throws it was not added. */
  append(text: string): void {
    this.#segment ??= new Segment(this.#name(this.#next), this.#durability);
    this.#segment.append(text);
  }

  /** Begins a new segment. @returns the one that is complete, to be dropped; `undefined` if nothing was added to it */
  endSegment(): number | undefined {
    if (this.#segment === undefined) return undefined;
    this.#segment.close();
    this.#segment = undefined;
    return this.#next++;
  }

  /** Forgets a segment that is complete. */
  drop(segment: number): void {
    rmSync(this.#name(segment), { force: true });
  }

  /** Lets go of the journal. If nothing is left in it there is no file left either. */
  close(): void {
    this.endSegment();
    removeIfEmpty(this.#path);
    this.#lock.close();
  }

  #name(segment: number): string {
    return `${this.#path}.${segment}`;
  }
}

/** A segment that a process has left behind. */
export interface LeftSegment {
  /** Its file. */
  readonly name: string;
  readonly texts: readonly string[];
  /** Lines that were written to their end, and have changed since. */
  readonly damaged: number;
}

/** Beside the file itself, whatever links lead to it, as SQLite's own log is. */
function journalPath(database: string): string {
  return `${existsSync(database) ? realpathSync(database) : database}-reports`;
}

/** A name for a damaged segment that no other has. */
function freeName(name: string): string {
  for (let i = 1; ; i++) {
    const free = `${name}.damaged${i === 1 ? "" : `-${i}`}`;
    if (!existsSync(free)) return free;
  }
}

/** The last one leaves nothing behind. */
function removeIfLast(path: string): void {
  if (!isLocked(path, "BEGIN EXCLUSIVE")) removeIfEmpty(path);
}

/** Removes what is locked if there is no segment. Where nobody can tell, as no more files may be open say, it stays: it is empty. */
function removeIfEmpty(path: string): void {
  try {
    if (findSegments(path).length === 0) rmSync(path, { force: true });
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

/** Whether somebody has a lock that does not go with what the statements need, or the file cannot be opened to tell. */
function isLocked(path: string, statements = "SELECT count(*) FROM sqlite_master"): boolean {
  if (!existsSync(path)) return false;
  let db: DatabaseSyncInstance | undefined;
  try {
    db = new DatabaseSync(path);
    db.exec(statements);
    return false;
  } catch {
    return true;
  } finally {
    db?.close();
  }
}

/** SQLite locks a file for us: the lock ends with the process, however that ends. */
function lock(path: string, statements: string): DatabaseSyncInstance {
  const db = new DatabaseSync(path);
  try {
    db.exec(statements);
    return db;
  } catch (cause) {
    db.close();
    throw new StorageError(`another server writes to this database: it has locked ${path}`, { cause });
  }
}

/** The numbers of the segments of a journal, in order. */
function findSegments(path: string): number[] {
  const prefix = `${basename(path)}.`;
  return readdirSync(dirname(path), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.startsWith(prefix))
    .map(({ name }) => name.slice(prefix.length))
    .filter((number) => /^[1-9]\d{0,14}$/.test(number))
    .map(Number)
    .sort((a, b) => a - b);
}

const LF = 0x0a;

function readSegment(name: string): LeftSegment {
  const bytes = readFileSync(name);
  const texts: string[] = [];
  let damaged = 0;
  // What is behind the last line end was not written to its end.
  for (let at = 0, end = bytes.indexOf(LF); end !== -1; at = end + 1, end = bytes.indexOf(LF, at)) {
    const line = bytes.toString("utf8", at, end);
    const text = line.slice(CHECKSUM);
    if (line.slice(0, CHECKSUM) === checksum(text)) texts.push(text);
    else damaged++;
  }
  return { name, texts, damaged };
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(CHECKSUM, "0");
}

/** A file that texts are added to. */
class Segment {
  readonly #file: number;
  readonly #waits: boolean;
  #length = 0;

  constructor(name: string, durability: Durability) {
    this.#file = openSync(name, "ax");
    this.#waits = durability === "full";
    if (this.#waits) syncFolder(dirname(name));
  }

  append(text: string): void {
    const bytes = Buffer.from(`${checksum(text)}${text}\n`);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
      if (this.#waits) fdatasyncSync(this.#file);
      this.#length += bytes.length;
    } catch (error) {
      ftruncateSync(this.#file, this.#length);
      throw error;
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** So that a new file has its name after a power failure, too. */
function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
