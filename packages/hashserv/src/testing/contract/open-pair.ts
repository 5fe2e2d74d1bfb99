import { NO_DETAILS } from "@depid/hashserv-protocol";
import { afterEach, beforeEach } from "vitest";
import type { Storage } from "../../storage/storage.ts";

/** Two handles on one set of rows, as two server processes have. */
export interface StoragePair {
  readonly storage: Storage;
  /** The same storage where only one handle can exist. */
  readonly other: Storage;
  /** Lets happen to the database what may, and gives when it is over; absent where nothing can happen to it. */
  readonly fail?: () => Promise<void>;
  /** Takes the database out of reach, and gives what brings it back; absent where it is always within reach. */
  readonly away?: () => Promise<() => Promise<void>>;
  /** Opens the rows once more, when both handles are closed; absent where they are gone then. */
  readonly reopen?: () => Promise<Storage>;
}

/** The pair of the test that runs. What it cannot have happen gives nothing. */
export interface OpenPair {
  readonly storage: Storage;
  readonly other: Storage;
  fail(): Promise<void>;
  away(): Promise<(() => Promise<void>) | undefined>;
  reopen(): Promise<Storage | undefined>;
  /** Records an output of a task of the method `m`, and a depid if told. */
  record(taskhash: string, outhash: string, depid?: string): Promise<void>;
}

/** Opens a pair before each test of the suite, and closes it afterwards. */
export function openForEach(open: () => Promise<StoragePair>): OpenPair {
  let pair: StoragePair;
  beforeEach(async () => {
    pair = await open();
  });
  afterEach(async () => {
    await pair.storage.close();
    await pair.other.close();
  });
  return {
    get storage() {
      return pair.storage;
    },
    get other() {
      return pair.other;
    },
    fail: async () => pair.fail?.(),
    away: async () => pair.away?.(),
    reopen: async () => pair.reopen?.(),
    record: (taskhash, outhash, depid) =>
      pair.storage.transaction(async (rows) => {
        await rows.insertOutHash({ method: "m", taskhash, outhash, details: NO_DETAILS });
        if (depid !== undefined) await rows.insertEquivalence({ method: "m", taskhash, depid });
      }),
  };
}
