import type { EquivalenceKey, OutHashKey } from "@depid/hashserv-protocol";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { KnownInTables } from "../decide-pending.ts";
import { prepareKnown } from "../sqlite/known.ts";
import { prepareColumns } from "../sqlite/values.ts";
import { TwoKeyMap } from "../two-key-map.ts";
import { KnownFilter } from "./known-filter.ts";

/** Outputs of which the oldest row is remembered. */
const MOST_OUTPUTS = 10_000;

export interface KnownOptions {
  /** A connection that reads. */
  readonly db: DatabaseSyncInstance;
  /** Told, once, that somebody else has changed the file: from then on all reports are looked up. */
  readonly shared: () => void;
}

/**
 * Looks up what the tables know of reports, for the one process that changes them. Most reports are new, and so is their
 * output: a filter says so without a look at the tables. It holds every row, because who inserts one adds it first; only
 * of another process it learns nothing. So it is switched off when the file has changed and it was not us.
 */
export class KnownReader {
  readonly #db: DatabaseSyncInstance;
  readonly #shared: () => void;
  readonly #readVersion: () => number;
  readonly #find: (report: OutHashKey) => KnownInTables;
  #filter: KnownFilter | undefined;
  /** What SQLite counts up when another connection, ours or not, has changed the file, as we last saw it. */
  #version: number;
  /** Our own changes under way. */
  #changes = 0;
  /** The oldest row of outputs, for taskhashes that have no row, in this version of the file. Null: there is none. */
  #oldest = new TwoKeyMap<NonNullable<KnownInTables["oldest"]> | null>();
  #outputs = 0;

  constructor({ db, shared }: KnownOptions) {
    this.#db = db;
    this.#shared = shared;
    const version = prepareColumns(db, "PRAGMA data_version");
    this.#readVersion = () => (version.get() as unknown as [number])[0];
    this.#find = prepareKnown(db);
    this.#version = this.#readVersion();
    this.#filter = new KnownFilter(db);
  }

  /** To be called for each row before this process inserts it. */
  inserting(row: EquivalenceKey | OutHashKey): void {
    this.#filter?.add(row);
  }

  /** To be called around each change that this process makes. */
  async changing<T>(change: () => Promise<T>): Promise<T> {
    this.#look();
    this.#changes++;
    try {
      return await change();
    } finally {
      this.#look();
      this.#changes--;
    }
  }

  /** What `work` asks is answered from one state of the file, which is opened once. */
  together<T>(work: () => T): T {
    this.#db.exec("BEGIN");
    try {
      this.#look();
      return work();
    } finally {
      this.#db.exec("COMMIT");
    }
  }

  find(report: OutHashKey): KnownInTables {
    const { method, taskhash, outhash } = report;
    if (!this.#filter?.excludesTask(taskhash)) return this.#find(report);
    if (this.#filter.excludesOutput(outhash)) return NOTHING_KNOWN;
    const remembered = this.#oldest.get(method, outhash);
    if (remembered !== undefined) return { ...NOTHING_KNOWN, oldest: remembered ?? undefined };
    const known = this.#find(report);
    if (this.#outputs >= MOST_OUTPUTS) this.#forget();
    this.#oldest.set(method, outhash, known.oldest ?? null);
    this.#outputs++;
    return known;
  }

  stop(): void {
    this.#filter?.stop();
  }

  /** While we change the file ourselves it cannot be told who did. */
  #look(): void {
    const version = this.#readVersion();
    if (version === this.#version) return;
    this.#version = version;
    this.#forget();
    if (this.#changes > 0 || this.#filter === undefined) return;
    this.#filter.stop();
    this.#filter = undefined;
    this.#shared();
  }

  #forget(): void {
    this.#oldest = new TwoKeyMap();
    this.#outputs = 0;
  }
}

const NOTHING_KNOWN: KnownInTables = { depid: undefined, recorded: false, anyRecorded: false, oldest: undefined };
