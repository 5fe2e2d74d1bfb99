import { type Clock, createClock } from "../clock.ts";
import { StorageError } from "../errors.ts";
import { recordReports } from "../report-rule.ts";
import type { Storage } from "../storage.ts";
import { MemoryRows } from "./memory-rows.ts";

/** Keeps all rows in memory: for tests, simulations and conformance. Nothing survives it. */
export function createMemoryStorage(options: { readonly clock?: Clock } = {}): Storage {
  const rows = new MemoryRows(options.clock ?? createClock());
  /** The end of the transaction queue; reads wait for it, so that they see what is committed. */
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  const after = <T>(step: () => Promise<T>): Promise<T> => last.then(step);
  return {
    findDepIds: (keys) => after(() => rows.findDepIds(keys)),
    depIdsExist: (depids) => after(() => rows.depIdsExist(depids)),
    findOldestOfTask: (key) => after(() => rows.findOldestOfTask(key)),
    findOldestOfOutput: (...args) => after(() => rows.findOldestOfOutput(...args)),
    findOldestRecord: (...args) => after(() => rows.findOldestRecord(...args)),
    findMark: () => after(() => rows.findMark()),
    countMarks: (mark) => after(() => rows.countMarks(mark)),
    countRows: () => after(() => rows.countRows()),
    findUser: (username) => after(() => rows.findUser(username)),
    listUsers: () => after(() => rows.listUsers()),
    async transaction(work) {
      if (closed) throw new StorageError("the storage is closed");
      const result = after(() => rows.attempt(work));
      last = result.catch(() => undefined);
      return result;
    },
    async recordReports(reports) {
      return this.transaction((rows) => recordReports(rows, reports));
    },
    sizeInBytes: async () => undefined,
    async close() {
      closed = true;
      await last;
    },
  };
}
