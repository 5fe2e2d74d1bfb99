import type { OutHashKey } from "@depid/hashserv-protocol";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { KnownFilter } from "./sqlite-known-filter.ts";
import { bound, prepareColumns, prepareText } from "./sqlite-values.ts";
import { TwoKeyMap } from "./two-key-map.ts";

/** All that the tables have to say to a report. */
export interface KnownOfReport {
  /** The depid of its taskhash. */
  readonly depid: string | undefined;
  /** Whether this output of its taskhash is recorded; of a taskhash without a depid, whether any is. */
  readonly recorded: boolean;
  /** The oldest row with its output, of another taskhash, one that has a depid. */
  readonly oldest: { readonly created: string | null; readonly depid: string } | undefined;
}

const [METHOD, TASKHASH, OUTHASH] = [1, 2, 3].map((i) => `CAST(?${i} AS TEXT)`);
const OF_TASK = `method = ${METHOD} AND taskhash = ${TASKHASH}`;
/** As JSON, since the driver would cut text at a NUL. */
const KNOWN = `SELECT json_array(depid,
    CASE WHEN depid IS NULL THEN EXISTS (SELECT 1 FROM outhashes_v2 WHERE ${OF_TASK})
      ELSE EXISTS (SELECT 1 FROM outhashes_v2 WHERE ${OF_TASK} AND outhash = ${OUTHASH}) END,
    json((SELECT json_array(o.created, u.unihash) FROM outhashes_v2 o
      CROSS JOIN unihashes_v3 u ON u.method = o.method AND u.taskhash = o.taskhash
      WHERE o.method = ${METHOD} AND o.outhash = ${OUTHASH} AND o.taskhash IS NOT ${TASKHASH}
      ORDER BY o.created, o.id LIMIT 1)))
  FROM (SELECT (SELECT unihash FROM unihashes_v3 WHERE ${OF_TASK}) AS depid)`;
type Columns = readonly [depid: string | null, recorded: 0 | 1, oldest: readonly [string | null, string] | null];

/** Outputs of which the oldest row is remembered. */
const MOST_OUTPUTS = 10_000;

/** Looks up what is known of reports. */
export class KnownReader {
  readonly #db: DatabaseSyncInstance;
  readonly #readVersion;
  readonly #find;
  readonly filter: KnownFilter;
  /** The version of the file in which they are the oldest. */
  #version = 0;
  /** The oldest row of outputs, for taskhashes that have no row. Null: there is none. */
  #oldest = new TwoKeyMap<NonNullable<KnownOfReport["oldest"]> | null>();
  #outputs = 0;

  constructor(db: DatabaseSyncInstance) {
    this.#db = db;
    const version = prepareColumns(db, "PRAGMA data_version");
    this.#readVersion = () => (version.get() as unknown as [number])[0];
    this.#find = prepareText(db, KNOWN);
    this.filter = new KnownFilter(db);
  }

  /** What `work` asks is answered from one state of the file, which is opened once. */
  async together<T>(work: () => Promise<T>): Promise<T> {
    this.#db.exec("BEGIN");
    try {
      this.filter.update();
      const version = this.#readVersion();
      if (version !== this.#version || this.#outputs >= MOST_OUTPUTS) this.#forget();
      this.#version = version;
      return await work();
    } finally {
      this.#db.exec("COMMIT");
    }
  }

  find(report: OutHashKey): KnownOfReport {
    const { method, taskhash, outhash } = report;
    if (!this.filter.excludesTask(taskhash)) return this.#read(report);
    if (this.filter.excludesOutput(outhash)) return NOTHING_KNOWN;
    const remembered = this.#oldest.get(method, outhash);
    if (remembered !== undefined) return { ...NOTHING_KNOWN, oldest: remembered ?? undefined };
    const known = this.#read(report);
    this.#oldest.set(method, outhash, known.oldest ?? null);
    this.#outputs++;
    return known;
  }

  #read({ method, taskhash, outhash }: OutHashKey): KnownOfReport {
    const json = this.#find(bound(method), bound(taskhash), bound(outhash)) as string;
    const [depid, recorded, oldest] = JSON.parse(json) as Columns;
    return {
      depid: depid ?? undefined,
      recorded: recorded === 1,
      oldest: oldest === null ? undefined : { created: oldest[0], depid: oldest[1] },
    };
  }

  #forget(): void {
    this.#oldest = new TwoKeyMap();
    this.#outputs = 0;
  }
}

const NOTHING_KNOWN: KnownOfReport = { depid: undefined, recorded: false, oldest: undefined };
