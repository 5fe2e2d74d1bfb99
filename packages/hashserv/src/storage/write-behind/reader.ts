import type { EquivalenceKey, JoinedRow, OutHashRow } from "@depid/hashserv-protocol";
import { andThen, type MaybePromise } from "../../maybe-promise.ts";
import type { MarkCounts, StorageReader, User } from "../storage.ts";
import type { PendingReports } from "./pending-reports.ts";

/**
 * What the tables say, and what is pending. Whoever asks for more than depids waits until what is pending about it is in
 * the tables.
 */
export class WriteBehindReader implements StorageReader {
  readonly #tables: StorageReader;
  readonly #pending: PendingReports;

  constructor(tables: StorageReader, pending: PendingReports) {
    this.#tables = tables;
    this.#pending = pending;
  }

  findDepIds(keys: readonly EquivalenceKey[]): MaybePromise<readonly (string | undefined)[]> {
    return andThen(this.#tables.findDepIds(keys), (found) => {
      if (this.#pending.size === 0 || !found.includes(undefined)) return found;
      return keys.map(({ method, taskhash }, i) => found[i] ?? this.#pending.findDepId(method, taskhash));
    });
  }

  depIdsExist(depids: readonly string[]): MaybePromise<readonly boolean[]> {
    return andThen(this.#tables.depIdsExist(depids), (exist) => {
      if (this.#pending.size === 0 || !exist.includes(false)) return exist;
      return depids.map((depid, i) => exist[i] === true || this.#pending.hasDepId(depid));
    });
  }

  async findOldestOfTask(key: EquivalenceKey): Promise<JoinedRow | undefined> {
    if (this.#pending.findDepId(key.method, key.taskhash) !== undefined) await this.#pending.write();
    return this.#tables.findOldestOfTask(key);
  }

  async findOldestOfOutput(method: string, outhash: string, except?: string): Promise<JoinedRow | undefined> {
    if (this.#pending.hasOutput(method, outhash)) await this.#pending.write();
    return this.#tables.findOldestOfOutput(method, outhash, except);
  }

  async findOldestRecord(method: string, outhash: string): Promise<OutHashRow | undefined> {
    if (this.#pending.hasOutput(method, outhash)) await this.#pending.write();
    return this.#tables.findOldestRecord(method, outhash);
  }

  async countMarks(mark: string): Promise<MarkCounts> {
    await this.#pending.write();
    return this.#tables.countMarks(mark);
  }

  async countRows(): Promise<ReadonlyMap<string, number>> {
    await this.#pending.write();
    return this.#tables.countRows();
  }

  findMark(): MaybePromise<string | undefined> {
    return this.#tables.findMark();
  }

  findUser(username: string): MaybePromise<User | undefined> {
    return this.#tables.findUser(username);
  }

  listUsers(): MaybePromise<readonly User[]> {
    return this.#tables.listUsers();
  }
}
