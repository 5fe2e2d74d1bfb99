import { describe } from "vitest";
import { describeFailures } from "./contract/failures.ts";
import { openForEach, type StoragePair } from "./contract/open-pair.ts";
import { describeReports } from "./contract/reports.ts";
import { describeRows } from "./contract/rows.ts";
import { describeTransactions } from "./contract/transactions.ts";
import { describeUpkeep } from "./contract/upkeep.ts";
import { describeUsers } from "./contract/users.ts";

/** The contract every storage keeps, as a suite of tests: a file in `contract/` for each promise. */
export function describeStorage(name: string, open: () => Promise<StoragePair>): void {
  describe(`${name} keeps the storage contract`, () => {
    const pair = openForEach(open);
    describeRows(pair);
    describeReports(pair);
    describeTransactions(pair);
    describeUpkeep(pair);
    describeUsers(pair);
    describeFailures(pair);
  });
}
