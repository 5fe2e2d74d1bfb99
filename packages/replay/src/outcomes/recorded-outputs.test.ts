import { sha256Hex } from "@depid/hash";
import { computeSignatures, createBasicHash } from "@depid/siggen";
import { type Task, TaskGraph } from "@depid/task-graph";
import { basehashOf, sketchTask, type TaskSketch, tidOf } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sketchHistory } from "../testing/index.ts";
import { Contents } from "../truth/truth.ts";
import { createLabelSource } from "./labels.ts";
import { accountFor } from "./outcome-account.ts";
import { OutcomeChain } from "./outcome-chain.ts";
import { type KnowledgeSource, neutral, type Outcome, type OutcomeBound, pessimistic } from "./outcome-model.ts";
import { createTableRecords, rememberRecords } from "./output-records.ts";
import { RecordedOutputs } from "./recorded-outputs.ts";

const METHOD = "m";

/** A sysroot of a library below one of an application; each may be restored. */
const TASKS: Record<string, TaskSketch> = {
  "lib:do_populate_sysroot": { setscene: true },
  "app:do_populate_sysroot": { deps: ["lib:do_populate_sysroot"], setscene: true },
};
const LIB = "lib:do_populate_sysroot";
const APP = "app:do_populate_sysroot";
const FIRST = Object.entries(TASKS).map(([name, sketch]) => sketchTask(name, sketch));
const changed = (name: string, text: string): Task => sketchTask(name, { ...TASKS[name], basehash: basehashOf(text) });

/** What a server was told, a step at a time: outputs of tasks by name, under the taskhashes that they have with the depids of `depids`. */
class Recording {
  readonly reports: { method: string; taskhash: string; outhash: string }[] = [];
  readonly equivalences: { method: string; taskhash: string; depid: string }[] = [];
  readonly #graph = new TaskGraph([]);
  readonly #depids = new Map<string, string>();

  async step(upsert: readonly Task[], outputs: Readonly<Record<string, string>>): Promise<this> {
    this.#graph.apply({ upsert, remove: [] });
    for (const name of Object.keys(outputs)) {
      const output = outputs[name];
      const taskhash = await this.taskhashOf(name);
      if (output === undefined || this.#depids.has(taskhash)) continue;
      const outhash = sha256Hex(output);
      const first = this.reports.find((it) => it.outhash === outhash);
      const depid = first === undefined ? taskhash : (this.#depids.get(first.taskhash) as string);
      this.#depids.set(taskhash, depid);
      this.reports.push({ method: METHOD, taskhash, outhash });
      this.equivalences.push({ method: METHOD, taskhash, depid });
    }
    return this;
  }

  async taskhashOf(name: string): Promise<string> {
    const signatures = await computeSignatures(this.#graph, {
      ...createBasicHash(),
      stampHash: "depid",
      depids: (tasks) => tasks.map(({ taskhash }) => (this.#depids.get(taskhash) ?? taskhash) as never),
    });
    return signatures.get(tidOf(name)).taskhash;
  }

  source(extra: "oe-core" | "none" = "none"): RecordedOutputs {
    return new RecordedOutputs("recorded", createTableRecords(this, METHOD), extra);
  }
}

/** The truth of each step. */
async function follow(
  sources: readonly KnowledgeSource[],
  bound: OutcomeBound,
  steps: readonly (readonly Task[])[],
  unique: readonly string[] = [],
) {
  const chain = new OutcomeChain(sources, bound);
  const graph = new TaskGraph([]);
  const contents = new Contents(graph, chain, new Set(unique));
  const truths: Record<string, string>[] = [];
  const [first = [], ...later] = steps;
  for (const step of sketchHistory(first, ...later.map((upsert) => ({ upsert }))).steps) {
    const before = step.change.upsert.flatMap((task) => graph.find(task.tid) ?? []);
    graph.apply(step.change);
    await contents.apply(step, before);
    truths.push(Object.fromEntries(graph.tids.map((tid) => [tid, contents.truthOf(tid).output])));
  }
  const same = (name: string, a: number, b: number) => truths[a]?.[tidOf(name)] === truths[b]?.[tidOf(name)];
  return { account: accountFor(chain, contents.decisions, []), contents, graph, same };
}

function labelSource(commit: string, outcome: Outcome): KnowledgeSource {
  const label = { commit, outcome, reason: "test", sure: true };
  return createLabelSource({ otherwise: "propagating", labels: [label] }, "labels");
}

describe("recorded outputs", () => {
  it("that are equal show that a change did nothing, whatever the bound says", async () => {
    const steps = [FIRST, [changed(LIB, "1")]];
    const recording = new Recording();
    await recording.step(FIRST, { [LIB]: "a", [APP]: "b" });
    await recording.step(steps[1] as Task[], { [LIB]: "a" });
    const { account, same } = await follow([recording.source()], pessimistic, steps);
    expect([same(LIB, 0, 1), same(APP, 0, 1)]).toEqual([true, true]);
    expect(account.shares.map(({ name, changes }) => [name, changes])).toEqual([
      ["recorded", 1],
      ["pessimistic", 0],
    ]);
  });

  it("that are others show that a change did something, whatever the bound says", async () => {
    const steps = [FIRST, [changed(LIB, "1")]];
    const recording = new Recording();
    await recording.step(FIRST, { [LIB]: "a", [APP]: "b" });
    await recording.step(steps[1] as Task[], { [LIB]: "a 1", [APP]: "b" });
    const { same } = await follow([recording.source()], neutral, steps);
    expect([same(LIB, 0, 1), same(APP, 0, 1)]).toEqual([false, true]);
  });

  it("that differ in nothing but depids below, which outhashes hold, are undecided: the next in the chain is asked", async () => {
    const steps = [FIRST, [changed(LIB, "1"), changed(APP, "1")]];
    const recording = new Recording();
    await recording.step(FIRST, { [LIB]: "a", [APP]: "b" });
    await recording.step(steps[1] as Task[], { [LIB]: "a 1", [APP]: "b with another depid below" });
    const without = await follow([recording.source("none")], neutral, steps);
    expect(without.same(APP, 0, 1)).toBe(false);
    const { account, same } = await follow([recording.source("oe-core")], neutral, steps);
    expect([same(LIB, 0, 1), same(APP, 0, 1)]).toEqual([false, false]); // app is made from another lib, which is all that is known
    expect(account.shares.map(({ changes }) => changes)).toEqual([1, 1]);
    expect(account.undecided).toEqual([
      { step: 1, pn: "app", tasks: ["do_populate_sysroot"], changes: 1, by: "neutral" },
    ]);
  });

  it("tell nothing of a task that was restored, which reports nothing", async () => {
    const steps = [FIRST, [changed(APP, "1")]];
    const recording = await new Recording().step(FIRST, { [LIB]: "a", [APP]: "b" });
    const { account, same } = await follow([recording.source()], pessimistic, steps);
    expect(same(APP, 0, 1)).toBe(false);
    expect(account.shares.map(({ changes }) => changes)).toEqual([0, 1]);
  });

  it("are one output if one taskhash has several", async () => {
    const steps = [FIRST, [changed(LIB, "1")]];
    const recording = new Recording();
    await recording.step(FIRST, { [LIB]: "a", [APP]: "b" });
    const first = recording.reports[0] as (typeof recording.reports)[number];
    recording.reports.push({ ...first, outhash: sha256Hex("a, built at another hour") });
    await recording.step(steps[1] as Task[], { [LIB]: "a, built at another hour" });
    const { same } = await follow([recording.source()], pessimistic, steps);
    expect(same(LIB, 0, 1)).toBe(true);
  });

  it("are not known of a taskhash whose depid was declared", async () => {
    const steps = [FIRST, [changed(LIB, "1")]];
    const recording = await new Recording().step(FIRST, { [LIB]: "a", [APP]: "b" });
    const taskhash = await recording.step(steps[1] as Task[], {}).then((it) => it.taskhashOf(LIB));
    const depid = recording.equivalences[0]?.depid as string;
    recording.equivalences.push({ method: METHOD, taskhash, depid });
    const { account, same } = await follow([recording.source()], pessimistic, steps);
    expect(same(LIB, 0, 1)).toBe(false);
    expect(account.shares.map(({ changes }) => changes)).toEqual([0, 1]);
  });

  it("decide a change of a task that reports nothing, where all outputs above it are told", async () => {
    const tasks = { "lib:do_install": {}, [LIB]: { deps: ["lib:do_install"], setscene: true } };
    const first = Object.entries(tasks).map(([name, sketch]) => sketchTask(name, sketch));
    const install = sketchTask("lib:do_install", { basehash: basehashOf("1") });
    const recording = new Recording();
    await recording.step(first, { [LIB]: "a" });
    await recording.step([install], { [LIB]: "a" });
    const { account, same } = await follow([recording.source()], pessimistic, [first, [install]]);
    expect([same("lib:do_install", 0, 1), same(LIB, 0, 1)]).toEqual([false, true]);
    expect(account.shares).toEqual([
      { name: "recorded", changes: 1, above: 1, outputs: 1 },
      { name: "pessimistic", changes: 0 },
    ]);
    expect(account.undecided).toEqual([]);
  });

  it("of a task that names its own hash tell nothing by being others, and take it off the list by being equal", async () => {
    const steps = [FIRST, [changed(LIB, "1")], [changed(LIB, "2")]];
    const other = new Recording();
    await other.step(FIRST, { [LIB]: "a" });
    await other.step(steps[1] as Task[], { [LIB]: "a 1" });
    const undecided = await follow([other.source()], neutral, steps, ["do_populate_sysroot"]);
    expect([undecided.same(LIB, 0, 1), [...undecided.contents.decisions.provedEqual]]).toEqual([true, []]);
    const equal = new Recording();
    await equal.step(FIRST, { [LIB]: "a" });
    await equal.step(steps[1] as Task[], { [LIB]: "a" });
    const { contents, graph } = await follow([equal.source()], neutral, steps, ["do_populate_sysroot"]);
    expect([...contents.decisions.provedEqual]).toEqual([LIB]);
    expect([LIB, APP].map((name) => contents.namesItself(graph.get(tidOf(name))))).toEqual([false, true]);
  });

  it("come after labels in a chain that has them so, from the change on until the next", async () => {
    const steps = [FIRST, [changed(LIB, "1")], [], [changed(LIB, "2")]];
    const recording = new Recording();
    await recording.step(FIRST, { [LIB]: "a", [APP]: "b" });
    await recording.step(steps[1] as Task[], { [LIB]: "a" });
    await recording.step(steps[3] as Task[], { [LIB]: "a" });
    const labels = labelSource("c1", "propagating");
    const { account, same } = await follow([labels, recording.source()], pessimistic, steps);
    expect([same(LIB, 0, 1), same(LIB, 1, 2), same(LIB, 0, 3)]).toEqual([false, true, true]);
    expect(account.shares.map(({ changes }) => changes)).toEqual([1, 1, 0]);
  });
});

describe("the tables of a server", () => {
  const report = (taskhash: string, outhash: string) => ({ method: METHOD, taskhash, outhash });

  it("tell the same equalities, whatever the order of their rows", async () => {
    const hashes = fc.constantFrom("1", "2", "3", "4", "5");
    const rows = fc.array(fc.tuple(hashes, hashes), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rows, fc.infiniteStream(fc.nat()), async (pairs, numbers) => {
        const all = pairs.map(([taskhash, outhash]) => report(taskhash, outhash));
        const shuffled = all
          .map((row) => ({ row, at: numbers.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ row }) => row);
        const asked = ["1", "2", "3", "4", "5"] as never[];
        const [one, other] = await Promise.all(
          [all, shuffled].map((reports) => createTableRecords({ reports, equivalences: [] }, METHOD).outputsOf(asked)),
        );
        for (const i of asked.keys()) {
          for (const j of asked.keys()) expect(one?.[i] === one?.[j]).toBe(other?.[i] === other?.[j]);
        }
      }),
    );
  });

  it("are less alone: without reports, equal depids are equal outputs", async () => {
    const equivalences = [
      { method: METHOD, taskhash: "1", depid: "1" },
      { method: METHOD, taskhash: "2", depid: "1" },
      { method: METHOD, taskhash: "3", depid: "3" },
    ];
    const records = createTableRecords({ equivalences }, METHOD);
    const [one, two, three, four] = await records.outputsOf(["1", "2", "3", "4"] as never[]);
    expect([one === two, one === three, four]).toEqual([true, false, undefined]);
    expect(records.notes).toEqual([expect.stringMatching(/^without a table of outhashes/)]);
  });

  it("are less alone: without equivalences, depids follow by the rule from the reports", async () => {
    const records = createTableRecords({ reports: [report("1", "a"), report("2", "a"), report("3", "b")] }, METHOD);
    expect(await records.depidsOf(["1", "2", "3", "4"] as never[])).toEqual(["1", "1", "3", undefined]);
    expect(records.notes).toEqual([expect.stringMatching(/^without a table of equivalences/)]);
  });

  it("have rows of one method, and say how many others there were", async () => {
    const records = createTableRecords(
      { reports: [{ ...report("1", "a"), method: "other" }], equivalences: [] },
      METHOD,
    );
    expect(await records.outputsOf(["1"] as never[])).toEqual([undefined]);
    expect(records.notes).toEqual(["1 rows of other methods than m were left out"]);
  });

  it("are asked once for each taskhash", async () => {
    const asked: string[] = [];
    const records = rememberRecords({
      ...createTableRecords({ reports: [report("1", "a")] }, METHOD),
      outputsOf: async (taskhashes) => {
        asked.push(...taskhashes);
        return taskhashes.map((it) => (it === ("1" as never) ? "a" : undefined));
      },
    });
    await records.outputsOf(["1", "2", "1"] as never[]);
    expect(await records.outputsOf(["2", "1"] as never[])).toEqual([undefined, "a"]);
    expect(asked).toEqual(["1", "2"]);
  });
});
