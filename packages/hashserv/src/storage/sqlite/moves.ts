import type { SqliteConnectionOptions } from "./connection.ts";

/** What the connection of a thread is like that puts pages into the file, and where it tells so (`Moves`). */
export interface MovingOptions extends SqliteConnectionOptions {
  readonly moves: SharedArrayBuffer;
}

/** Places in the memory that threads share. */
const BEGUN = 0;
const ENDED = 1;

/** Counts how often a thread of this process has put pages from the log into the file. In memory that threads share. */
export class Moves {
  readonly shared: SharedArrayBuffer;
  readonly #counts: Int32Array;

  /** @param shared of another `Moves`, whose are counted, too */
  constructor(shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#counts = new Int32Array(shared);
  }

  /** To be done around work that puts pages there. */
  around<T>(work: () => T): T {
    Atomics.add(this.#counts, BEGUN, 1);
    try {
      return work();
    } finally {
      Atomics.add(this.#counts, ENDED, 1);
    }
  }

  /** How often it was begun; undefined while it is under way. */
  get count(): number | undefined {
    const ended = Atomics.load(this.#counts, ENDED);
    return Atomics.load(this.#counts, BEGUN) === ended ? ended : undefined;
  }

  /** To be called when no thread is at work: one that has died has not said that it ended. */
  settle(): void {
    Atomics.store(this.#counts, ENDED, Atomics.load(this.#counts, BEGUN));
  }
}
