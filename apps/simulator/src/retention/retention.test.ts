import { join } from "node:path";
import { expect, it } from "vitest";
import { REPOSITORY, runDepid } from "../testing/run-depid.ts";

const MINI = join(REPOSITORY, "examples/meta-mini");
const HISTORY = join(MINI, "recorded/history.jsonl.gz");

it("a retention curve in several jobs is the same as in one, whatever the policies and who builds", async () => {
  const run = (jobs: string) =>
    runDepid(
      ...["retention", HISTORY, "--policy", "basichash,equivhash", "--sizes", "2MB", "--json"],
      ...["--outcomes", join(MINI, "labels.yaml"), "--topology", join(MINI, "topology.yaml"), "--jobs", jobs],
    );
  const [alone, three] = [await run("1"), await run("3")];
  expect([alone.status, three.status]).toEqual([0, 0]);
  expect(JSON.parse(alone.stdout).curves).toHaveLength(2);
  expect(three.stdout).toBe(alone.stdout);
});
