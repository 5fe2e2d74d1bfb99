import type { Equivalence, EquivalenceKey } from "@depid/hashserv-protocol";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { EquivalenceTable, MOST_ROWS } from "./equivalence-table.ts";
import { COUNT_REMOVALS } from "./sqlite-schema.ts";

/**
 * What was found before, as long as nobody took it away. Only what is there is kept, never that something is missing:
 * a depid does not change, so a row that is added makes nothing wrong. Before each use SQLite is asked whether another
 * connection has changed anything, ours or another process's; if rows have gone away, all is forgotten. A file that does
 * not count those, such as the reference's opened for reading alone, leaves no choice but to forget all at any change.
 */
export class SqliteCache {
  readonly #dataVersion: () => number;
  readonly #removals: () => number | undefined;
  #seen: number;
  #seenRemovals: number | undefined;
  #checked = false;
  #timesForgotten = 0;
  readonly #rows = new EquivalenceTable(MOST_ROWS);

  /** @param db the connection on which we change rows: it is told of all other changes */
  constructor(db: DatabaseSyncInstance) {
    const version = db.prepare("PRAGMA data_version");
    version.setReturnArrays(true);
    this.#dataVersion = () => (version.get() as unknown as [number])[0];
    const removals = db.prepare(COUNT_REMOVALS);
    removals.setReturnArrays(true);
    this.#removals = () => (removals.get() as unknown as [number] | undefined)?.[0];
    this.#seen = this.#dataVersion();
    this.#seenRemovals = this.#removals();
  }

  /** How often all was forgotten, other than for want of room. */
  get timesForgotten(): number {
    return this.#timesForgotten;
  }

  /**
   * Forgets everything if another connection has removed something. To be called before each look-up. What is asked in one
   * go, without the event loop having its turn, had arrived before it: SQLite is asked once for all of that.
   */
  check(): void {
    if (this.#checked) return;
    const version = this.#dataVersion();
    if (version !== this.#seen) this.#checkRemovals();
    this.#seen = version;
    this.#checked = true;
    queueMicrotask(this.#uncheck);
  }

  #checkRemovals(): void {
    const removals = this.#removals();
    if (removals === undefined || removals !== this.#seenRemovals) this.clear();
    this.#seenRemovals = removals;
  }

  readonly #uncheck = (): void => {
    this.#checked = false;
  };

  /** To be called when we have removed rows. */
  clear(): void {
    this.#timesForgotten++;
    this.#rows.clear();
  }

  find({ method, taskhash }: EquivalenceKey): string | undefined {
    return this.#rows.findDepId(method, taskhash);
  }

  exists(depid: string): boolean {
    return this.#rows.hasDepId(depid);
  }

  add(row: Equivalence): void {
    this.#rows.add(row);
  }
}
