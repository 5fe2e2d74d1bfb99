import type { Equivalence, EquivalenceKey, OutHashKey } from "@depid/hashserv-protocol";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { Clock } from "../../clock.ts";
import type { KnownOfReport } from "../../rule/report-rule.ts";
import type {
  EquivalenceConditions,
  NewOutHashRow,
  OutHashConditions,
  Slice,
  SliceDone,
  StorageTransaction,
  User,
} from "../storage.ts";
import { prepareKnown } from "./known.ts";
import { SqliteReader } from "./reader.ts";
import { SqliteSlices } from "./slices.ts";
import { bound } from "./values.ts";

const OUTHASH_VALUES = Array.from({ length: 10 }, (_, i) => `CAST(?${i + 1} AS TEXT)`).join(", ");
const INSERT_OUTHASH = `INSERT OR IGNORE INTO outhashes_v2
  (method, taskhash, outhash, created, owner, PN, PV, PR, task, outhash_siginfo) VALUES (${OUTHASH_VALUES})`;
const INSERT_EQUIVALENCE = `INSERT OR IGNORE INTO unihashes_v3 (method, taskhash, unihash, gc_mark)
  VALUES (CAST(?1 AS TEXT), CAST(?2 AS TEXT), CAST(?3 AS TEXT),
    ifnull((SELECT value FROM config WHERE name = 'gc-mark'), ''))`;
const SET_MARK = `INSERT INTO config (name, value) VALUES ('gc-mark', CAST(?1 AS TEXT))
  ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
const INSERT_USER = `INSERT OR IGNORE INTO users (username, token, permissions)
  VALUES (CAST(?1 AS TEXT), CAST(?2 AS TEXT), CAST(?3 AS TEXT))`;
const UPDATE_USER = `UPDATE users SET token = ifnull(CAST(?2 AS TEXT), token),
  permissions = ifnull(CAST(?3 AS TEXT), permissions) WHERE username = CAST(?1 AS TEXT)`;
const REMOVE_USER = "DELETE FROM users WHERE username = CAST(?1 AS TEXT)";
const IS_UNUSED = `NOT EXISTS (SELECT 1 FROM unihashes_v3 u
  WHERE u.method = outhashes_v2.method AND u.taskhash = outhashes_v2.taskhash)`;

type Inserting = (row: EquivalenceKey | OutHashKey) => void;

/** Both halves of the storage port, on the connection that writes. */
export class SqliteTransaction extends SqliteReader implements StorageTransaction {
  readonly #clock: Clock;
  readonly #inserting: Inserting;
  readonly #findKnown;
  readonly #insertOutHash;
  readonly #insertEquivalence;
  readonly #setMark;
  readonly #insertUser;
  readonly #updateUser;
  readonly #removeUser;
  readonly #slices: SqliteSlices;
  #removed = false;

  /** @param inserting told of each row that is about to be inserted */
  constructor(db: DatabaseSyncInstance, clock: Clock, inserting: Inserting = () => {}) {
    super(db);
    this.#clock = clock;
    this.#inserting = inserting;
    this.#findKnown = prepareKnown(db);
    this.#insertOutHash = db.prepare(INSERT_OUTHASH);
    this.#insertEquivalence = db.prepare(INSERT_EQUIVALENCE);
    this.#setMark = db.prepare(SET_MARK);
    this.#insertUser = db.prepare(INSERT_USER);
    this.#updateUser = db.prepare(UPDATE_USER);
    this.#removeUser = db.prepare(REMOVE_USER);
    this.#slices = new SqliteSlices(db);
  }

  findKnown(report: OutHashKey): KnownOfReport {
    const { depid, recorded, oldest } = this.#findKnown(report);
    return { depid, recorded, equal: oldest?.depid };
  }

  insertOutHash({ method, taskhash, outhash, created, details }: NewOutHashRow): void {
    this.#inserting({ method, taskhash, outhash });
    const { owner, PN, PV, PR, task, outhashSiginfo } = details;
    const time = created === undefined ? this.#clock() : created;
    const values = [method, taskhash, outhash, time, owner, PN, PV, PR, task, outhashSiginfo];
    this.#insertOutHash.run(...values.map(boundOrNull));
  }

  insertEquivalence({ method, taskhash, depid }: Equivalence): void {
    this.#inserting({ method, taskhash });
    this.#insertEquivalence.run(bound(method), bound(taskhash), bound(depid));
  }

  setMark(mark: string | undefined): void {
    this.#setMark.run(boundOrNull(mark ?? null));
  }

  insertUser({ username, token, permissions }: User): boolean {
    const { changes } = this.#insertUser.run(bound(username), bound(token), permissions.join(" "));
    return Number(changes) > 0;
  }

  updateUser(username: string, { token, permissions }: Partial<User>): boolean {
    const { changes } = this.#updateUser.run(
      bound(username),
      boundOrNull(token ?? null),
      permissions === undefined ? null : permissions.join(" "),
    );
    return Number(changes) > 0;
  }

  removeUser(username: string): boolean {
    return Number(this.#removeUser.run(bound(username)).changes) > 0;
  }

  markEquivalences(where: EquivalenceConditions, mark: string, slice: Slice): SliceDone {
    return this.#slices.mark(where, mark, slice);
  }

  /** Whether equivalences were removed since this was last asked. */
  takeRemoved(): boolean {
    const removed = this.#removed;
    this.#removed = false;
    return removed;
  }

  removeEquivalences(where: EquivalenceConditions, slice: Slice): SliceDone {
    this.#removed = true;
    return this.#slices.remove("unihashes_v3", where, slice);
  }

  removeOutHashes(where: OutHashConditions, slice: Slice): SliceDone {
    return this.#slices.remove("outhashes_v2", where, slice);
  }

  removeUnmarked(mark: string, slice: Slice): SliceDone {
    this.#removed = true;
    const change = "DELETE FROM unihashes_v3 WHERE gc_mark <> CAST(?1 AS TEXT) AND";
    return this.#slices.walk("unihashes_v3", change, [mark], {}, slice);
  }

  removeUnused(before: string, slice: Slice): SliceDone {
    const change = "DELETE FROM outhashes_v2 WHERE created < CAST(?1 AS TEXT) AND";
    return this.#slices.walk("outhashes_v2", change, [before], {}, slice, IS_UNUSED);
  }
}

function boundOrNull(text: string | null): string | Uint8Array | null {
  return text === null ? null : bound(text);
}
