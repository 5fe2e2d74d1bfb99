import { realpathSync, statSync } from "node:fs";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { StorageError } from "../../errors.ts";
import { openConnection } from "./connection.ts";
import { type FileSeen, type FilesSeen, findFileLost, hasBeenWritten } from "./files-in-use.ts";
import { prepareProbe } from "./probe.ts";

/** Milliseconds for which a look counts: what is answered just before a file is deleted is gone with it anyway. */
const RECENT_MS = 10;
/** What SQLite says of a file that is no database, or not a whole one. */
const DAMAGE = /malformed|not a database/;

/**
 * The files of an open database, which somebody may delete, replace or damage. SQLite goes on without a word: it reads and
 * writes what it has open. Files are looked at by name alone: to open and close one would end SQLite's locks on it.
 */
export class DatabaseFile {
  readonly #path: string;
  /** As they were when the database was opened, and when rows were last read from them. */
  #opened: FilesSeen = {};
  #read: FilesSeen = {};
  #lookedAt = Number.NEGATIVE_INFINITY;
  #lost: string | undefined;
  /** Once damaged, always: nobody knows what else is. */
  #damage: string | undefined;
  #db: DatabaseSyncInstance | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** To be called when SQLite has everything open. Before, nothing is looked at. */
  opened(): void {
    this.#opened = this.#see();
    this.#read = this.#opened;
  }

  /** To be called with what a statement has thrown: it may say that the file is damaged. */
  failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (DAMAGE.test(reason)) this.#damage ??= reason;
  }

  /**
   * To be called before something is written, and before it is answered.
   *
   * @throws {StorageError} `STORAGE_LOST` when what is written is gone as soon as the process ends
   */
  check(): void {
    if (this.#lost !== undefined || Math.abs(Date.now() - this.#lookedAt) >= RECENT_MS) this.look();
    else this.#refuse();
  }

  /** The same, however short ago the last look was. */
  look(): void {
    this.#look();
  }

  /** The same, and reads some rows if somebody wrote to the file since that was last done. */
  inspect(): void {
    const seen = this.#look();
    if (!hasBeenWritten(this.#read, seen)) return;
    this.#read = seen;
    try {
      this.#db ??= openConnection({ path: this.#path, readOnly: true });
      prepareProbe(this.#db)();
    } catch (error) {
      // That it is locked, say, is for those to say who ask something of it.
      this.failed(error);
    }
    this.#refuse();
  }

  close(): void {
    this.#db?.close();
  }

  #look(): FilesSeen {
    this.#lookedAt = Date.now();
    const seen = this.#see();
    this.#lost = findFileLost(this.#opened, seen);
    this.#refuse();
    return seen;
  }

  #refuse(): void {
    if (this.#damage !== undefined) {
      throw this.#refusal(`is damaged (${this.#damage})`, "it is repaired or restored, and the server started again");
    }
    if (this.#lost !== undefined) throw this.#refusal(this.#lost, "it is back, or the server is started again");
  }

  #refusal(what: string, until: string): StorageError {
    return new StorageError(`the database ${this.#path} ${what}: reports are refused until ${until}`, {
      code: "STORAGE_LOST",
    });
  }

  #see(): FilesSeen {
    const log = resolveLinks(this.#path);
    return { main: seeFile(this.#path), log: seeFile(`${log}-wal`), index: seeFile(`${log}-shm`) };
  }
}

/** The log lies beside the file itself, whatever links lead to it. */
function resolveLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** A file that may not be looked at is as good as none. */
function seeFile(name: string): FileSeen | undefined {
  try {
    const { dev: device, ino: number, size, mtimeNs: modified } = statSync(name, { bigint: true });
    return { device, number, size, modified };
  } catch {
    return undefined;
  }
}
