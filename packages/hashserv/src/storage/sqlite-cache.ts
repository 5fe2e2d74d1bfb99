import type { EquivalenceKey } from "@depid/hashserv-protocol";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { RecentMap } from "./recent-map.ts";

/** Entries kept of each kind. One takes some 200 bytes. */
const MOST = 200_000;
/** Characters of a text that is kept; the longest must not fill the memory. */
const MAX_LENGTH = 200;

/**
 * What was found before, as long as nobody took it away. Only what is there is kept, never that something is missing:
 * a depid does not change, so a row that is added makes nothing wrong. Before each use SQLite is asked whether another
 * process has changed anything; if so, all is forgotten.
 */
export class SqliteCache {
  readonly #dataVersion: () => number;
  #seen: number;
  #checked = false;
  readonly #depids = new RecentMap<string>(MOST);
  readonly #existing = new RecentMap<true>(MOST);

  /** @param db the connection on which we change rows: it is told of all other changes */
  constructor(db: DatabaseSyncInstance) {
    const statement = db.prepare("PRAGMA data_version");
    statement.setReturnArrays(true);
    this.#dataVersion = () => (statement.get() as unknown as [number])[0];
    this.#seen = this.#dataVersion();
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
    this.#depids.clear();
    this.#existing.clear();
  }

  find({ method, taskhash }: EquivalenceKey): string | undefined {
    return this.#depids.get(method, taskhash);
  }

  add({ method, taskhash }: EquivalenceKey, depid: string): void {
    if (method.length + taskhash.length + depid.length < MAX_LENGTH) this.#depids.set(method, taskhash, depid);
  }

  exists(depid: string): boolean {
    return this.#existing.get("", depid) === true;
  }

  addExisting(depid: string): void {
    if (depid.length < MAX_LENGTH) this.#existing.set("", depid, true);
  }
}
