import { type Clock, createClock } from "../../clock.ts";
import { StorageError } from "../../errors.ts";
import type { MaybePromise } from "../../maybe-promise.ts";
import { recordReports } from "../record-reports.ts";
import type { Storage, StorageReader } from "../storage.ts";
import { MemoryRows } from "./rows.ts";

/** Keeps all rows in memory: for tests, simulations and conformance. Nothing survives it. */
export function createMemoryStorage(options: { readonly clock?: Clock } = {}): Storage {
  const rows = new MemoryRows(options.clock ?? createClock());
  /** The end of the last transaction; undefined while none is under way. */
  let last: Promise<unknown> | undefined;
  let closed = false;
  const storage: Storage = {
    read: createReader(rows, (step) => (last === undefined ? step() : last.then(step))),
    async transaction(work) {
      if (closed) throw new StorageError("the storage is closed");
      const run = () => rows.attempt(work);
      const result = last === undefined ? run() : last.then(run);
      const ended = result.then(
        () => {},
        () => {},
      );
      last = ended;
      void ended.then(() => {
        if (last === ended) last = undefined;
      });
      return result;
    },
    recordReports: (reports) => storage.transaction((rows) => recordReports(rows, reports)),
    sizeInBytes: async () => undefined,
    check: async () => {},
    async close() {
      closed = true;
      await last;
    },
  };
  return storage;
}

/** @param after reads at once, or once the transactions under way have ended: only what is committed is seen */
function createReader(rows: StorageReader, after: <T>(read: () => MaybePromise<T>) => MaybePromise<T>): StorageReader {
  return {
    findDepIds: (keys) => after(() => rows.findDepIds(keys)),
    depIdsExist: (depids) => after(() => rows.depIdsExist(depids)),
    findOldestOfTask: (key) => after(() => rows.findOldestOfTask(key)),
    findOldestOfOutput: (...args) => after(() => rows.findOldestOfOutput(...args)),
    findOldestRecord: (...args) => after(() => rows.findOldestRecord(...args)),
    findMark: () => after(() => rows.findMark()),
    countMarks: async (mark) => after(() => rows.countMarks(mark)),
    countRows: async () => after(() => rows.countRows()),
    findUser: (username) => after(() => rows.findUser(username)),
    listUsers: () => after(() => rows.listUsers()),
  };
}
