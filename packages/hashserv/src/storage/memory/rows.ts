import { byCodePoint } from "@depid/hash";
import type { Equivalence, EquivalenceKey, JoinedRow, OutHashKey, OutHashRow } from "@depid/hashserv-protocol";
import type { Clock } from "../../clock.ts";
import type { MaybePromise } from "../../maybe-promise.ts";
import type { KnownOfReport } from "../../rule/report-rule.ts";
import type {
  EquivalenceConditions,
  MarkCounts,
  NewOutHashRow,
  OutHashConditions,
  Slice,
  SliceDone,
  StorageTransaction,
  User,
} from "../storage.ts";
import { TwoKeyMap } from "../two-key-map.ts";
import { MemoryTable } from "./table.ts";

interface EquivalenceRow extends Equivalence {
  readonly id: number;
  readonly mark: string;
}

/** The tables as maps, with a journal so that a transaction can be taken back. */
export class MemoryRows implements StorageTransaction {
  readonly #clock: Clock;
  readonly #equivalences = new MemoryTable<EquivalenceRow>();
  readonly #ofKey = new TwoKeyMap<EquivalenceRow>();
  /** How many rows have this depid. */
  readonly #depids = new Map<string, number>();
  readonly #outhashes = new MemoryTable<OutHashRow>();
  /** Rows of one taskhash, and of one output, oldest first. */
  readonly #ofTask = new TwoKeyMap<OutHashRow[]>();
  readonly #ofOutput = new TwoKeyMap<OutHashRow[]>();
  readonly #users = new Map<string, User>();
  readonly #config: { mark: string | undefined; stored: boolean } = { mark: undefined, stored: false };
  #undo: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `work`; when it throws, nothing has happened. */
  async attempt<T>(work: (rows: StorageTransaction) => MaybePromise<T>): Promise<T> {
    this.#undo = [];
    try {
      return await work(this);
    } catch (error) {
      for (const undo of this.#undo.reverse()) undo();
      throw error;
    } finally {
      this.#undo = [];
    }
  }

  findDepIds(keys: readonly EquivalenceKey[]): readonly (string | undefined)[] {
    return keys.map(({ method, taskhash }) => this.#ofKey.get(method, taskhash)?.depid);
  }

  depIdsExist(depids: readonly string[]): readonly boolean[] {
    return depids.map((depid) => this.#depids.has(depid));
  }

  findOldestOfTask({ method, taskhash }: EquivalenceKey): JoinedRow | undefined {
    return this.#join(this.#ofTask.get(method, taskhash)?.[0]);
  }

  findOldestOfOutput(method: string, outhash: string, except?: string): JoinedRow | undefined {
    const rows = this.#ofOutput.get(method, outhash) ?? [];
    return this.#join(rows.find((row) => row.taskhash !== except && this.#ofKey.get(method, row.taskhash)));
  }

  findKnown({ method, taskhash, outhash }: OutHashKey): KnownOfReport {
    return {
      depid: this.#ofKey.get(method, taskhash)?.depid,
      recorded: this.#ofTask.get(method, taskhash)?.some((row) => row.outhash === outhash) ?? false,
      equal: this.findOldestOfOutput(method, outhash, taskhash)?.depid,
    };
  }

  findOldestRecord(method: string, outhash: string): OutHashRow | undefined {
    return this.#ofOutput.get(method, outhash)?.[0];
  }

  findMark(): string | undefined {
    return this.#config.mark;
  }

  async countMarks(mark: string): Promise<MarkCounts> {
    let equal = 0;
    for (const row of this.#equivalences) if (row.mark === mark) equal++;
    return { equal, other: this.#equivalences.size - equal };
  }

  /** The tables have the names of the database file. */
  async countRows(): Promise<ReadonlyMap<string, number>> {
    return new Map([
      ["unihashes_v3", this.#equivalences.size],
      ["outhashes_v2", this.#outhashes.size],
      ["users", this.#users.size],
      ["config", this.#config.stored ? 1 : 0],
    ]);
  }

  findUser(username: string): User | undefined {
    return this.#users.get(username);
  }

  listUsers(): readonly User[] {
    return [...this.#users.values()];
  }

  insertOutHash({ created = this.#clock(), ...row }: NewOutHashRow): void {
    const ofTask = this.#ofTask.get(row.method, row.taskhash) ?? [];
    if (ofTask.some((recorded) => recorded.outhash === row.outhash)) return;
    this.#change(
      { ...row, created, id: this.#outhashes.nextId },
      (added) => this.#addOutHash(added),
      (added) => this.#dropOutHash(added),
    );
  }

  insertEquivalence({ method, taskhash, depid }: Equivalence): void {
    if (this.#ofKey.get(method, taskhash) !== undefined) return;
    const mark = this.#config.mark ?? "";
    this.#change(
      { method, taskhash, depid, mark, id: this.#equivalences.nextId },
      (added) => this.#addEquivalence(added),
      (added) => this.#dropEquivalence(added),
    );
  }

  setMark(mark: string | undefined): void {
    const set = (config: { mark: string | undefined; stored: boolean }) => Object.assign(this.#config, config);
    const before = { ...this.#config };
    this.#change({ mark, stored: true }, set, () => set(before));
  }

  insertUser(user: User): boolean {
    if (this.#users.has(user.username)) return false;
    this.#setUser(user.username, user);
    return true;
  }

  updateUser(username: string, change: Partial<User>): boolean {
    const user = this.#users.get(username);
    if (user !== undefined) this.#setUser(username, { ...user, ...change });
    return user !== undefined;
  }

  removeUser(username: string): boolean {
    const known = this.#users.has(username);
    this.#setUser(username, undefined);
    return known;
  }

  markEquivalences(where: EquivalenceConditions, mark: string, slice: Slice): SliceDone {
    const { rows, next } = this.#equivalences.slice(slice);
    const chosen = rows.filter((row) => holds(row, where));
    const put = (row: EquivalenceRow) => this.#putEquivalence(row);
    for (const row of chosen) this.#change({ ...row, mark }, put, () => put(row));
    return { count: chosen.length, next };
  }

  removeEquivalences(where: EquivalenceConditions, slice: Slice): SliceDone {
    return this.#removeEquivalences((row) => holds(row, where), slice);
  }

  removeUnmarked(mark: string, slice: Slice): SliceDone {
    return this.#removeEquivalences((row) => row.mark !== mark, slice);
  }

  removeOutHashes(where: OutHashConditions, slice: Slice): SliceDone {
    return this.#removeOutHashes((row) => holds({ ...row, ...row.details }, where), slice);
  }

  removeUnused(before: string, slice: Slice): SliceDone {
    const isUnused = ({ method, taskhash }: OutHashRow) => this.#ofKey.get(method, taskhash) === undefined;
    return this.#removeOutHashes((row) => row.created !== null && row.created < before && isUnused(row), slice);
  }

  #removeEquivalences(isChosen: (row: EquivalenceRow) => boolean, slice: Slice): SliceDone {
    const { rows, next } = this.#equivalences.slice(slice);
    const chosen = rows.filter(isChosen);
    for (const row of chosen) {
      this.#change(
        row,
        () => this.#dropEquivalence(row),
        () => this.#addEquivalence(row),
      );
    }
    return { count: chosen.length, next };
  }

  #removeOutHashes(isChosen: (row: OutHashRow) => boolean, slice: Slice): SliceDone {
    const { rows, next } = this.#outhashes.slice(slice);
    const chosen = rows.filter(isChosen);
    for (const row of chosen) {
      this.#change(
        row,
        () => this.#dropOutHash(row),
        () => this.#addOutHash(row),
      );
    }
    return { count: chosen.length, next };
  }

  /** Does something to a row and notes how to take it back. */
  #change<Row>(row: Row, change: (row: Row) => void, undo: (row: Row) => void): void {
    change(row);
    this.#undo.push(() => undo(row));
  }

  #setUser(username: string, user: User | undefined): void {
    // Taken back as a whole, so that the order of creation is kept.
    const before = [...this.#users];
    this.#undo.push(() => {
      this.#users.clear();
      for (const [name, known] of before) this.#users.set(name, known);
    });
    if (user === undefined) this.#users.delete(username);
    else this.#users.set(username, user);
  }

  #addEquivalence(row: EquivalenceRow): void {
    this.#putEquivalence(row);
    this.#depids.set(row.depid, (this.#depids.get(row.depid) ?? 0) + 1);
  }

  #dropEquivalence({ id, method, taskhash, depid }: EquivalenceRow): void {
    this.#equivalences.remove(id);
    this.#ofKey.delete(method, taskhash);
    const others = (this.#depids.get(depid) ?? 0) - 1;
    if (others > 0) this.#depids.set(depid, others);
    else this.#depids.delete(depid);
  }

  #putEquivalence(row: EquivalenceRow): void {
    this.#equivalences.put(row);
    this.#ofKey.set(row.method, row.taskhash, row);
  }

  #addOutHash(row: OutHashRow): void {
    this.#outhashes.put(row);
    insertByAge(this.#ofTask, row.method, row.taskhash, row);
    insertByAge(this.#ofOutput, row.method, row.outhash, row);
  }

  #dropOutHash(row: OutHashRow): void {
    this.#outhashes.remove(row.id);
    drop(this.#ofTask, row.method, row.taskhash, row);
    drop(this.#ofOutput, row.method, row.outhash, row);
  }

  #join(row: OutHashRow | undefined): JoinedRow | undefined {
    const equivalence = row && this.#ofKey.get(row.method, row.taskhash);
    return row && equivalence && { ...row, depid: equivalence.depid, mark: equivalence.mark };
  }
}

type Conditions = EquivalenceConditions & OutHashConditions;

function holds(row: { readonly [Column in keyof Conditions]?: string | null }, where: Conditions): boolean {
  return Object.entries(where).every(([column, text]) => row[column as keyof Conditions] === text);
}

function insertByAge(map: TwoKeyMap<OutHashRow[]>, first: string, second: string, row: OutHashRow): void {
  const rows = map.get(first, second) ?? [];
  let at = rows.length;
  while (at > 0 && isOlder(row, rows[at - 1] as OutHashRow)) at--;
  rows.splice(at, 0, row);
  map.set(first, second, rows);
}

function isOlder(row: OutHashRow, other: OutHashRow): boolean {
  if (row.created === other.created) return row.id < other.id;
  return row.created === null || (other.created !== null && byCodePoint(row.created, other.created) < 0);
}

function drop(map: TwoKeyMap<OutHashRow[]>, first: string, second: string, row: OutHashRow): void {
  const rows = (map.get(first, second) ?? []).filter((other) => other.id !== row.id);
  if (rows.length > 0) map.set(first, second, rows);
  else map.delete(first, second);
}
