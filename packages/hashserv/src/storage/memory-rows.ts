import type { Equivalence, EquivalenceKey, JoinedRow, OutHashRow } from "@depid/hashserv-protocol";
import type { Clock } from "../clock.ts";
import type { NewOutHashRow, StorageTransaction } from "../storage.ts";
import { TwoKeyMap } from "./two-key-map.ts";

/** The two tables as maps, with a journal so that a transaction can be taken back. */
export class MemoryRows implements StorageTransaction {
  readonly #clock: Clock;
  readonly #equivalences = new TwoKeyMap<{ readonly depid: string; readonly mark: string }>();
  /** How many rows have this depid. */
  readonly #depids = new Map<string, number>();
  /** Rows of one taskhash, and of one output; oldest first, since the clock only goes forward. */
  readonly #ofTask = new TwoKeyMap<OutHashRow[]>();
  readonly #ofOutput = new TwoKeyMap<OutHashRow[]>();
  #nextId = 1;
  #undo: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `work`; when it throws, nothing has happened. */
  async attempt<T>(work: (rows: StorageTransaction) => Promise<T>): Promise<T> {
    this.#undo = [];
    try {
      return await work(this);
    } catch (error) {
      for (const undo of this.#undo.reverse()) undo();
      throw error;
    }
  }

  async findDepIds(keys: readonly EquivalenceKey[]): Promise<readonly (string | undefined)[]> {
    return keys.map(({ method, taskhash }) => this.#equivalences.get(method, taskhash)?.depid);
  }

  async depIdsExist(depids: readonly string[]): Promise<readonly boolean[]> {
    return depids.map((depid) => (this.#depids.get(depid) ?? 0) > 0);
  }

  async findOldestOfTask({ method, taskhash }: EquivalenceKey): Promise<JoinedRow | undefined> {
    return this.#join(this.#ofTask.get(method, taskhash)?.[0]);
  }

  async findOldestOfOutput(method: string, outhash: string, except?: string): Promise<JoinedRow | undefined> {
    const rows = this.#ofOutput.get(method, outhash) ?? [];
    return this.#join(rows.find((row) => row.taskhash !== except && this.#equivalences.get(method, row.taskhash)));
  }

  async findOldestRecord(method: string, outhash: string): Promise<OutHashRow | undefined> {
    return this.#ofOutput.get(method, outhash)?.[0];
  }

  async insertOutHash(row: NewOutHashRow): Promise<void> {
    const { method, taskhash, outhash } = row;
    const ofTask = this.#ofTask.get(method, taskhash) ?? [];
    if (ofTask.some((recorded) => recorded.outhash === outhash)) return;
    const recorded: OutHashRow = { ...row, id: this.#nextId++, created: this.#clock() };
    this.#append(this.#ofTask, method, taskhash, recorded);
    this.#append(this.#ofOutput, method, outhash, recorded);
  }

  async insertEquivalence({ method, taskhash, depid }: Equivalence): Promise<void> {
    if (this.#equivalences.get(method, taskhash) !== undefined) return;
    this.#equivalences.set(method, taskhash, { depid, mark: "" });
    this.#count(depid, 1);
    this.#undo.push(() => {
      this.#equivalences.delete(method, taskhash);
      this.#count(depid, -1);
    });
  }

  #append(map: TwoKeyMap<OutHashRow[]>, first: string, second: string, row: OutHashRow): void {
    const rows = map.get(first, second) ?? [];
    rows.push(row);
    map.set(first, second, rows);
    this.#undo.push(() => rows.pop());
  }

  #count(depid: string, change: 1 | -1): void {
    this.#depids.set(depid, (this.#depids.get(depid) ?? 0) + change);
  }

  #join(row: OutHashRow | undefined): JoinedRow | undefined {
    const equivalence = row && this.#equivalences.get(row.method, row.taskhash);
    return row && equivalence && { ...row, ...equivalence };
  }
}
