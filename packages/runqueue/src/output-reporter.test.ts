import type { DepId } from "@depid/hash";
import { describeOutputReporter } from "./testing/index.ts";

describeOutputReporter("a reporter that remembers what it was told first", () => {
  const first = new Map<string, DepId>();
  return {
    report: (reports) =>
      reports.map(({ taskhash, depid }) => {
        const known = first.get(taskhash);
        if (known === undefined) first.set(taskhash, depid);
        return known ?? depid;
      }),
  };
});
