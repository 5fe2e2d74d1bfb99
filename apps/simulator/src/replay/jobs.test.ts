import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REPOSITORY, runDepid } from "../testing/run-depid.ts";

const MINI = join(REPOSITORY, "examples/meta-mini");
const HISTORY = join(MINI, "recorded/history.jsonl.gz");
const GIVEN = [
  ...["--outcomes", `labels:${join(MINI, "labels.yaml")}`],
  ...["--durations", join(MINI, "recorded/kept/durations.csv")],
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-jobs-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a replay in several jobs", () => {
  it.each([
    ["as JSON, under other outcomes too", ["--json", "--sensitivity"]],
    ["as text, with steps, in a build directory that is kept", ["--steps", "--builder", "persistent"]],
    ["by several builders", ["--topology", join(MINI, "topology.yaml")]],
    ["without the clairvoyant", ["--policy", "equivhash,basichash,equivhash-2018"]],
  ])("prints the same bytes as in one, %s, and writes the same rows and progress", async (_how, flags) => {
    const run = async (jobs: string) => {
      const tasks = join(folder, `${jobs}.csv`);
      const said = await runDepid("replay", HISTORY, ...GIVEN, ...flags, "--tasks", tasks, "--jobs", jobs);
      return { ...said, tasks: await readFile(tasks, "utf8") };
    };
    const alone = await run("1");
    expect([alone.status, alone.tasks.split("\n").length > 200]).toEqual([0, true]);
    expect(await run("3")).toEqual(alone);
  });

  const plugin = (body: string) =>
    `let asked = 0; export default () => ({ name: "late", stampHash: "taskhash", taskhash: (i) => { ${body} return i.basehash; }, depids: (ts) => ts.map((t) => t.taskhash) });`;

  it("fails as in one, when a plug-in does in another thread, and writes nothing", async () => {
    const file = join(folder, "late.mjs");
    await writeFile(file, plugin(`if (++asked > 2) throw new Error("boom");`));
    const run = (jobs: string) => runDepid("replay", HISTORY, "--policy", file, "--jobs", jobs);
    const [alone, two] = [await run("1"), await run("2")];
    const error = ({ stderr }: typeof alone) => stderr.split("\n").filter((it) => !it.startsWith("replay: step"));
    expect([alone.status, alone.stdout]).toEqual([2, ""]);
    expect([two.status, two.stdout, error(two)]).toEqual([2, "", error(alone)]);
  });

  it("does not take what can be read once only", async () => {
    const { status, stderr } = await runDepid("replay", "/dev/null", "--jobs", "2");
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^depid: .*dev\/null/m)]);
  });
});
