import type { Equivalence } from "@depid/hashserv-protocol";
import type { Log } from "../log.ts";
import type { Storage } from "../storage/storage.ts";

/** Rows stored in one transaction. */
const BATCH = 500;

/** Stores what streams found upstream, behind the answers (section 12). */
export class Backfill {
  readonly #storage: Storage;
  readonly #log: Log;
  readonly #waiting: Equivalence[] = [];
  /** Resolves when all is stored; undefined while there is nothing to do. */
  #running: Promise<void> | undefined;

  constructor(storage: Storage, log: Log) {
    this.#storage = storage;
    this.#log = log;
  }

  /** Rows that are still to be stored. */
  get size(): number {
    return this.#waiting.length;
  }

  add(rows: readonly Equivalence[]): void {
    for (const row of rows) this.#waiting.push(row);
    if (rows.length > 0) this.#running ??= this.#run();
  }

  /** Waits until all rows are stored. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH);
      try {
        await this.#storage.transaction(async (rows) => {
          for (const row of batch) await rows.insertEquivalence(row);
        });
      } catch (error) {
        // They will be found upstream again.
        this.#log("WARNING", `backfill: ${batch.length} rows not stored: ${String(error)}`);
      }
      this.#waiting.splice(0, batch.length);
    }
    this.#running = undefined;
  }
}
