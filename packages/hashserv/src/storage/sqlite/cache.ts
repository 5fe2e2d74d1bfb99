import { totalmem } from "node:os";
import type { Equivalence, EquivalenceKey } from "@depid/hashserv-protocol";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { EquivalenceTable, MOST_ROWS, ROW_BYTES } from "../cache/equivalence-table.ts";
import { COUNT_REMOVALS } from "./schema.ts";
import { prepareColumns } from "./values.ts";

/** One part in so many of the memory we may use is for rows, however many the database has. */
const MEMORY_SHARE = 16;
/** One part in so many of the room is for rows that are looked up once the others have been read. */
const SPARE_SHARE = 16;

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
  readonly #mostRows: number;
  readonly #rows: EquivalenceTable;

  /**
   * @param db the connection on which we change rows: it is told of all other changes
   * @param mostRows that are ever kept: when there are more, all is forgotten
   */
  constructor(db: DatabaseSyncInstance, mostRows = affordableRows(availableMemory())) {
    this.#mostRows = mostRows;
    this.#rows = new EquivalenceTable(mostRows);
    const version = prepareColumns(db, "PRAGMA data_version");
    this.#dataVersion = () => (version.get() as unknown as [number])[0];
    const removals = prepareColumns(db, COUNT_REMOVALS);
    this.#removals = () => (removals.get() as unknown as [number] | undefined)?.[0];
    this.#seen = this.#dataVersion();
    this.#seenRemovals = this.#removals();
  }

  /** How often all was forgotten. */
  get timesForgotten(): number {
    return this.#timesForgotten;
  }

  /** Whether no more rows should be read than those that are looked up. */
  get filled(): boolean {
    return this.#rows.size >= this.#mostRows - this.#mostRows / SPARE_SHARE;
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

  /** The same for many, in order. */
  findAll(keys: readonly EquivalenceKey[]): (string | undefined)[] {
    const method = keys[0]?.method;
    if (method === undefined || keys.some((key) => key.method !== method)) return keys.map((key) => this.find(key));
    return this.#rows.findDepIds(
      method,
      keys.map(({ taskhash }) => taskhash),
    );
  }

  /** In order. */
  existAll(depids: readonly string[]): boolean[] {
    return this.#rows.hasDepIds(depids);
  }

  add(row: Equivalence): void {
    if (this.#rows.size >= this.#mostRows) this.clear();
    this.#rows.add(row);
  }
}

/** How many rows are kept where there are so many bytes of memory. */
export function affordableRows(memory: number): number {
  return Math.min(Math.floor(memory / MEMORY_SHARE / ROW_BYTES), MOST_ROWS);
}

/** Bytes of memory of the machine, or of the container if that may use less. */
function availableMemory(): number {
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.min(totalmem(), limit);
}
