import type { Equivalence } from "@depid/hashserv-protocol";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { Clock } from "../clock.ts";
import type { NewOutHashRow, StorageTransaction } from "../storage.ts";
import { SqliteReader } from "./sqlite-reader.ts";
import { bound } from "./sqlite-values.ts";

const OUTHASH_VALUES = Array.from({ length: 10 }, (_, i) => `CAST(?${i + 1} AS TEXT)`).join(", ");
const INSERT_OUTHASH = `INSERT OR IGNORE INTO outhashes_v2
  (method, taskhash, outhash, created, owner, PN, PV, PR, task, outhash_siginfo) VALUES (${OUTHASH_VALUES})`;
const INSERT_EQUIVALENCE = `INSERT OR IGNORE INTO unihashes_v3 (method, taskhash, unihash, gc_mark)
  VALUES (CAST(?1 AS TEXT), CAST(?2 AS TEXT), CAST(?3 AS TEXT),
    ifnull((SELECT value FROM config WHERE name = 'gc-mark'), ''))`;

/** Both halves of the storage port, on the connection that writes. */
export class SqliteTransaction extends SqliteReader implements StorageTransaction {
  readonly #clock: Clock;
  readonly #insertOutHash;
  readonly #insertEquivalence;

  constructor(db: DatabaseSyncInstance, clock: Clock) {
    super(db);
    this.#clock = clock;
    this.#insertOutHash = db.prepare(INSERT_OUTHASH);
    this.#insertEquivalence = db.prepare(INSERT_EQUIVALENCE);
  }

  async insertOutHash({ method, taskhash, outhash, details }: NewOutHashRow): Promise<void> {
    const { owner, PN, PV, PR, task, outhashSiginfo } = details;
    const values = [method, taskhash, outhash, this.#clock(), owner, PN, PV, PR, task, outhashSiginfo];
    this.#insertOutHash.run(...values.map((value) => (value === null ? null : bound(value))));
  }

  async insertEquivalence({ method, taskhash, depid }: Equivalence): Promise<void> {
    this.#insertEquivalence.run(bound(method), bound(taskhash), bound(depid));
  }
}
