import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { RenewedThread } from "../../thread.ts";
import type { SqliteConnectionOptions } from "./connection.ts";
import type { DatabaseFile } from "./database-file.ts";
import type { MovingOptions } from "./moves.ts";

/**
 * Pages of 4 KiB in the write-ahead log at which they are moved to the file, and at which writing waits for that: under a
 * heavy load every few seconds, for a tenth of one. A shorter log would have to be emptied more often.
 */
const MANY = 4_000;
const TOO_MANY = 64_000;

/**
 * Moves pages from the write-ahead log to the file, which is when the disk is waited for, in a thread of its own: nobody
 * who asks or reports is held up by it. The thread begins when there is something to do.
 */
export class SqliteCheckpointer {
  readonly #thread: RenewedThread<MovingOptions, undefined, void>;
  readonly #file: DatabaseFile;
  readonly #length;
  #busy: Promise<void> | undefined;

  constructor(db: DatabaseSyncInstance, options: SqliteConnectionOptions, file: DatabaseFile) {
    this.#file = file;
    this.#thread = new RenewedThread("checkpoint-thread", import.meta.url, {
      ...options,
      exists: true,
      moves: file.moves,
    });
    this.#length = db.prepare("PRAGMA wal_checkpoint(NOOP)");
    this.#length.setReturnArrays(true);
  }

  /** To be called after each commit. @returns what to wait for before more is written, if the log has become too long */
  committed(): Promise<void> | undefined {
    const [, all, moved] = this.#length.get() as unknown as [busy: number, all: number, moved: number];
    if (all - moved < MANY) return undefined;
    this.#busy ??= this.#checkpoint().finally(() => {
      this.#busy = undefined;
    });
    // What is written meanwhile is not moved; only while nobody writes the log is emptied.
    return all < TOO_MANY ? undefined : this.#busy.then(() => this.#checkpoint());
  }

  async close(): Promise<void> {
    await this.#busy;
    await this.#thread.close();
  }

  /** If the thread cannot work, SQLite moves the pages itself when there are some more. It must not open another file. */
  async #checkpoint(): Promise<void> {
    try {
      await this.#file.writing(() => this.#thread.ask(undefined));
    } catch {
      // What is wrong with the file is told to those who report.
    }
  }
}
