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

  findOldestOfTask(key: EquivalenceKey): MaybePromise<JoinedRow | undefined> {
    const isPending = this.#pending.findDepId(key.method, key.taskhash) !== undefined;
    return this.#writtenFirst(isPending, () => this.#tables.findOldestOfTask(key));
  }

  findOldestOfOutput(method: string, outhash: string, except?: string): MaybePromise<JoinedRow | undefined> {
    const isPending = this.#pending.hasOutput(method, outhash);
    return this.#writtenFirst(isPending, () => this.#tables.findOldestOfOutput(method, outhash, except));
  }

  findOldestRecord(method: string, outhash: string): MaybePromise<OutHashRow | undefined> {
    const isPending = this.#pending.hasOutput(method, outhash);
    return this.#writtenFirst(isPending, () => this.#tables.findOldestRecord(method, outhash));
  }

  #writtenFirst<Row>(isPending: boolean, find: () => MaybePromise<Row>): MaybePromise<Row> {
    return isPending ? this.#pending.write().then(find) : find();
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
