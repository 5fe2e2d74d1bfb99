import { realpathSync, statSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { StorageError } from "../../errors.ts";
import { openConnection } from "./connection.ts";
import { FilePages } from "./file-pages.ts";
import { type FileSeen, type FilesSeen, findFileLost, hasBeenWritten } from "./files-in-use.ts";
import { Moves } from "./moves.ts";
import { prepareProbe } from "./probe.ts";
import { prepareColumns } from "./values.ts";

/** Milliseconds for which a look counts: what is answered just before a file is deleted is gone with it anyway. */
const RECENT_MS = 10;
/** After which pages that SQLite has not written are looked at again: of one that another process is writing a part may be there. */
const AGAIN_MS = 100;
/** What SQLite says of a file that is no database, or not a whole one; in full, as errors name paths, too. */
const DAMAGE = /database disk image is malformed|malformed database schema|file is not a database/;

/** Pages that SQLite has put from the log into the file, of how many: changes whenever that is done, at its end. */
type Moved = string;

/** When pages were remembered. */
interface Kept {
  readonly seen: FilesSeen;
  readonly moved: Moved;
  /** How often our threads had put pages there; undefined if one did so meanwhile, and what is remembered is worth nothing. */
  readonly moves: number | undefined;
}

/**
 * The files of an open database, which somebody may delete, replace or damage. SQLite goes on without a word: it reads and
 * writes what it has open. Files are looked at by name: to open and close one would end SQLite's locks on it.
 */
export class DatabaseFile {
  readonly #path: string;
  /** As they were when the database was opened, and when rows were last read from them. */
  #opened: FilesSeen = {};
  #read: FilesSeen = {};
  #kept: Kept = { seen: {}, moved: "", moves: undefined };
  #lookedAt = Number.NEGATIVE_INFINITY;
  #lost: string | undefined;
  /** Once damaged, always: nobody knows what else is. */
  #damage: string | undefined;
  #db: DatabaseSyncInstance | undefined;
  #readMoved: () => Moved = () => "";
  #pages: FilePages | undefined;
  /** Of our own threads, and how many of them are at work. */
  readonly #moves = new Moves();
  #working = 0;
  /** Another process was seen to put pages into the file, and was not through. */
  #othersMove = false;
  #examining: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** To be called when SQLite has everything open. Before, nothing is looked at. @throws what SQLite or the system throws */
  opened(): void {
    this.#opened = this.#see();
    this.#read = this.#opened;
    this.#db = openConnection({ path: this.#path, readOnly: true });
    const moved = prepareColumns(this.#db, "PRAGMA wal_checkpoint(NOOP)");
    this.#readMoved = () => String(moved.get());
    this.#pages = new FilePages(resolveLinks(this.#path));
    this.#keep();
  }

  /** In which our threads tell when they put pages into the file (`Moves`). */
  get moves(): SharedArrayBuffer {
    return this.#moves.shared;
  }

  /** To be called with what a statement has thrown: it may say that the file is damaged. */
  failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (DAMAGE.test(reason)) this.#damage ??= reason;
  }

  /**
   * To be called before something is written, and before it is answered.
   *
   * @returns what to wait for, if that takes time
   * @throws {StorageError} `STORAGE_LOST` when what is written is gone as soon as the process ends; so does what is waited for
   */
  check(): Promise<void> | undefined {
    if (this.#lost !== undefined || Math.abs(Date.now() - this.#lookedAt) >= RECENT_MS) return this.#look().examining;
    this.#refuse();
    return this.#examining;
  }

  /** To be called around what another of our threads writes. @throws as `check`, before and after, however short ago the last look was */
  async writing<T>(work: () => Promise<T>): Promise<T> {
    await this.#look().examining;
    this.#working++;
    try {
      return await work();
    } catch (error) {
      this.failed(error);
      throw error;
    } finally {
      if (--this.#working === 0) this.#moves.settle();
      await this.#look().examining;
    }
  }

  /** As `check`, however short ago the last look was, and reads some rows if somebody wrote to the file since that was last done. */
  async inspect(): Promise<void> {
    this.#othersMove = false;
    const { seen, examining } = this.#look();
    await examining;
    if (this.#isUntouched() && this.#pages?.hasAnotherLog()) this.#keep();
    if (this.#db === undefined || !hasBeenWritten(this.#read, seen)) return;
    this.#read = seen;
    try {
      prepareProbe(this.#db)();
    } catch (error) {
      // That it is locked, say, is for those to say who ask something of it.
      this.failed(error);
    }
    this.#refuse();
  }

  /** To be called when SQLite has closed the file. What is looked at just then is not looked at any more. */
  close(): void {
    this.#db?.close();
    this.#pages?.close();
    [this.#db, this.#pages] = [undefined, undefined];
  }

  #look(): { readonly seen: FilesSeen; readonly examining: Promise<void> | undefined } {
    this.#lookedAt = Date.now();
    const moves = this.#moves.count;
    const seen = this.#see();
    this.#lost = findFileLost(this.#opened, seen);
    this.#refuse();
    if (moves !== undefined && this.#examining === undefined) {
      if (moves !== this.#kept.moves) this.#keep();
      else if (hasBeenWritten(this.#kept.seen, seen) && !this.#othersMove) {
        this.#examining = this.#examine().finally(() => {
          this.#examining = undefined;
        });
      }
    }
    return { seen, examining: this.#examining };
  }

  /** Whether it was SQLite, in another process, that has written to the file. Who puts pages there is through when it is known how many. */
  async #examine(): Promise<void> {
    try {
      const moved = this.#readMoved();
      const changed = this.#pages?.findChanged() ?? new Map<number, Buffer>();
      if (await this.#othersPutThere(changed)) this.#damage = "it was written to, and not by SQLite";
      else if (changed.size === 0 || moved !== this.#kept.moved) this.#keep();
      else this.#othersMove = true;
    } catch (error) {
      this.failed(error);
    }
    this.#refuse();
  }

  /** Looked at twice: what is other than it was a moment ago is being written. Nothing is said of what our threads have written meanwhile. */
  async #othersPutThere(changed: ReadonlyMap<number, Buffer>): Promise<boolean> {
    const foreign = await this.#pages?.findForeign(changed);
    if (foreign === undefined || foreign.size === 0) return false;
    await setTimeout(AGAIN_MS);
    const now = this.#pages?.findChanged();
    const same = new Map([...foreign].filter(([number, page]) => now?.get(number)?.equals(page)));
    const still = await this.#pages?.findForeign(same);
    return still !== undefined && still.size > 0 && this.#moves.count === this.#kept.moves;
  }

  /** Whether nobody has written to the file since pages were remembered, or does. */
  #isUntouched(): boolean {
    const { moves, seen } = this.#kept;
    return moves !== undefined && moves === this.#moves.count && !hasBeenWritten(seen, this.#see());
  }

  /** Remembers pages as they are. */
  #keep(): void {
    const moves = this.#moves.count;
    try {
      const [seen, moved] = [this.#see(), this.#readMoved()];
      this.#pages?.keep();
      this.#kept = { seen, moved, moves: this.#moves.count === moves ? moves : undefined };
    } catch (error) {
      this.failed(error);
    }
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
