import type { Equivalence, EquivalenceKey } from "@depid/hashserv-protocol";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { EquivalenceTable, MOST_ROWS } from "./equivalence-table.ts";

/**
 * What was found before, as long as nobody took it away. Only what is there is kept, never that something is missing:
 * a depid does not change, so a row that is added makes nothing wrong. Before each use SQLite is asked whether another
 * process has changed anything; if so, all is forgotten.
 */
export class SqliteCache {
  readonly #dataVersion: () => number;
  #seen: number;
  #checked = false;
  #timesForgotten = 0;
  readonly #rows = new EquivalenceTable(MOST_ROWS);

  /** @param db the connection on which we change rows: it is told of all other changes */
  constructor(db: DatabaseSyncInstance) {
    const statement = db.prepare("PRAGMA data_version");
    statement.setReturnArrays(true);
    this.#dataVersion = () => (statement.get() as unknown as [number])[0];
    this.#seen = this.#dataVersion();
  }

  /** How often all was forgotten, other than for want of room. */
  get timesForgotten(): number {
    return this.#timesForgotten;
  }

  /**
   * Forgets everything if another process has changed something. To be called before each look-up. What is asked in one
   * go, without the event loop having its turn, had arrived before it: SQLite is asked once for all of that.
   */
  check(): void {
    if (this.#checked) return;
    const version = this.#dataVersion();
    if (version !== this.#seen) this.clear();
    this.#seen = version;
    this.#checked = true;
    queueMicrotask(this.#uncheck);
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
