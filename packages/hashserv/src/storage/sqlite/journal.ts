import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import { crc32 } from "node:zlib";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { StorageError } from "../../errors.ts";
import type { Durability } from "../storage.ts";

/** Characters of the checksum in front of each text. */
const CHECKSUM = 8;

/**
 * Texts that are safe before they are in a database file, beside that file: what is added survives the end of the
 * process. They lie in segments, each of which is dropped as a whole. One process may have the journal of a database.
 *
 * A segment has a line for each text, with its checksum in front. A line that was not written to its end, which only
 * the last can be, was never answered for.
 */
export class ReportJournal {
  readonly #path: string;
  readonly #lock: DatabaseSyncInstance;
  readonly #durability: Durability;
  readonly #left: readonly number[];
  #segment: Segment | undefined;
  #next: number;

  /** Whether a database file has a journal: one in use, or one that a process has left behind. */
  static exists(database: string): boolean {
    return existsSync(journalPath(database));
  }

  /** @throws {StorageError} when another process has it */
  constructor(database: string, durability: Durability) {
    this.#path = journalPath(database);
    this.#durability = durability;
    this.#lock = lock(this.#path);
    this.#left = findSegments(this.#path);
    this.#next = (this.#left.at(-1) ?? 0) + 1;
  }

  /** Texts that were there when the journal was opened, in the order they were added. */
  readLeft(): readonly string[] {
    return this.#left.flatMap((segment) => readSegment(this.#name(segment)));
  }

  dropLeft(): void {
    for (const segment of this.#left) this.drop(segment);
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
    if (findSegments(this.#path).length === 0) rmSync(this.#path, { force: true });
    this.#lock.close();
  }

  #name(segment: number): string {
    return `${this.#path}.${segment}`;
  }
}

function journalPath(database: string): string {
  return `${database}-reports`;
}

/** SQLite locks a file for us: the lock ends with the process, however that ends. */
function lock(path: string): DatabaseSyncInstance {
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return db;
  } catch (cause) {
    db.close();
    throw new StorageError(`another server has reports to write to this database: it has locked ${path}`, { cause });
  }
}

/** The numbers of the segments of a journal, in order. */
function findSegments(path: string): number[] {
  const prefix = `${basename(path)}.`;
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
}

function readSegment(name: string): readonly string[] {
  const lines = readFileSync(name, "utf8").split("\n");
  const bad = lines.findIndex((line) => line.slice(0, CHECKSUM) !== checksum(line.slice(CHECKSUM)));
  return lines.slice(0, bad).map((line) => line.slice(CHECKSUM));
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
