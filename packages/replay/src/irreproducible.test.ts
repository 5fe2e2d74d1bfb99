import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OutHashReport } from "./equivalence-service.ts";
import type { ReplayOptions } from "./options.ts";
import { createRunDraws, type IrreproducibleRule } from "./outcomes/irreproducible.ts";
import { OutcomeChain } from "./outcomes/outcome-chain.ts";
import { neutral, type OutcomeBound, pessimistic } from "./outcomes/outcome-model.ts";
import { policyNames } from "./policies/names.ts";
import { getPolicy } from "./policies/registry.ts";
import { replayHistory } from "./replay.ts";
import { drawnSteps, drawnTasks, historyOf } from "./testing/drawn-history.ts";
import { createTableService, sketchHistory } from "./testing/index.ts";
import { singleBuilder } from "./topology/topology.ts";

const rule = (more: Partial<IrreproducibleRule> = {}): IrreproducibleRule => ({
  probability: 1,
  does: "propagating",
  ...more,
});

/** Policies that reuse nothing wrong, whatever changes. */
const SOUND = ["basichash", "equivhash", "equivhash-2018", "equivhash-settled", "clairvoyant"];

const drawnHistory = fc.tuple(drawnTasks, drawnSteps).map(([tasks, steps]) => {
  const { history, outcomeIn } = historyOf(tasks, steps);
  const source = {
    name: "drawn",
    outcomeOf: ({ step }: { readonly step: { readonly step: number } }) => outcomeIn(step.step),
  };
  return { history, outcomes: () => new OutcomeChain([source], pessimistic) };
});
const builders = fc.constantFrom("fresh" as const, "persistent" as const);

function replay(
  history: ReturnType<typeof sketchHistory>,
  outcomes: OutcomeChain,
  names: readonly string[],
  more: Partial<ReplayOptions> = {},
) {
  return replayHistory(history, {
    policies: names.map((it) => getPolicy(it)),
    outcomes,
    service: createTableService(),
    namespace: "n",
    builder: "fresh",
    workers: 2,
    seed: 1,
    outhashExtra: "none",
    ...more,
  });
}

describe("tasks that are not reproducible", () => {
  it("with probability 0 change nothing, whatever the policy", () =>
    fc.assert(
      fc.asyncProperty(drawnHistory, builders, async ({ history, outcomes }, builder) => {
        const without = await replay(history, outcomes(), policyNames, { builder });
        const irreproducible = { rules: [rule({ probability: 0 })], seed: "1" };
        expect(await replay(history, outcomes(), policyNames, { builder, irreproducible })).toEqual(without);
      }),
      { numRuns: Number(process.env.IRREPRODUCIBLE_RUNS ?? 30) },
    ));

  it("give the same with the same seed, and whether builds are simulated step by step or not", () =>
    fc.assert(
      fc.asyncProperty(drawnHistory, builders, fc.nat(), async ({ history, outcomes }, builder, seed) => {
        const irreproducible = { rules: [rule({ probability: 0.5 })], seed: String(seed) };
        const first = await replay(history, outcomes(), SOUND, { builder, irreproducible });
        expect(await replay(history, outcomes(), SOUND, { builder, irreproducible })).toEqual(first);
        const stepwise = await replay(history, outcomes(), SOUND, { builder, irreproducible, stepwise: true });
        const countsOf = ({ policies }: typeof first) => policies.map(({ name, steps }) => ({ name, steps }));
        expect(countsOf(stepwise)).toEqual(countsOf(first));
      }),
      { numRuns: Number(process.env.IRREPRODUCIBLE_RUNS ?? 30) },
    ));

  it("are never stale for it: what is reused is of the same inputs", () =>
    fc.assert(
      fc.asyncProperty(drawnHistory, builders, async ({ history, outcomes }, builder) => {
        const irreproducible = { rules: [rule({ probability: 0.5 })], seed: "1" };
        const reproducible = await replay(history, outcomes(), SOUND, { builder });
        const { policies } = await replay(history, outcomes(), SOUND, { builder, irreproducible });
        const stale = (all: typeof policies) => all.map(({ name, sum }) => [name, sum.stale]);
        expect(stale(policies)).toEqual(SOUND.map((name) => [name, 0]));
        expect(stale(reproducible.policies)).toEqual(stale(policies));
        // What must run follows from inputs: the clairvoyant does not see runs.
        const neededIn = (all: typeof policies) => all.find(({ name }) => name === "clairvoyant")?.steps;
        expect(neededIn(policies)).toEqual(neededIn(reproducible.policies));
      }),
      { numRuns: Number(process.env.IRREPRODUCIBLE_RUNS ?? 30) },
    ));
});

/** `lib:do_compile -> lib:do_populate_sysroot* -> app:do_compile -> app:do_package*` */
const TASKS: Record<string, TaskSketch> = {
  "lib:do_compile": {},
  "lib:do_populate_sysroot": { setscene: true, deps: ["lib:do_compile"] },
  "app:do_compile": { deps: ["lib:do_populate_sysroot"] },
  "app:do_package": { setscene: true, deps: ["app:do_compile"] },
};
const row = (name: string, text = "") => sketchTask(name, { ...TASKS[name], basehash: basehashOf(`${name} ${text}`) });
const history = sketchHistory(
  Object.keys(TASKS).map((name) => row(name)),
  { upsert: [row("lib:do_compile", "a comment")] },
);

/** Tasks that a policy runs where a comment is reworded in lib:do_compile. */
async function runs(policy: string, rules: readonly IrreproducibleRule[], bound: OutcomeBound = neutral) {
  const { policies } = await replay(history, new OutcomeChain([], bound), [policy], {
    irreproducible: { rules, seed: "1" },
  });
  return [policies[0]?.sum.executed, policies[0]?.sum.needless];
}

describe("a task that is not reproducible", () => {
  it("stops no wave: its output is another one, though nothing changed in it", async () => {
    expect(await runs("equivhash", [])).toEqual([2, 2]);
    expect(await runs("equivhash", [rule({ recipe: "lib", task: "do_compile" })])).toEqual([4, 4]);
  });

  it("stops it where other recipes see nothing of it, and the output hash looks at what these see", async () => {
    const lib = { recipe: "lib", task: "do_compile" };
    expect(await runs("equivhash", [rule({ ...lib, does: "contained" })])).toEqual([4, 4]);
    expect(await runs("equivhash:interface", [rule({ ...lib, does: "contained" })])).toEqual([2, 2]);
    expect(await runs("equivhash:interface", [rule(lib)])).toEqual([4, 4]);
  });

  it("is found by its hash all the same: no policy builds it again for it", async () => {
    for (const policy of ["basichash", "equivhash", "clairvoyant"]) {
      const { policies } = await replay(
        sketchHistory(
          Object.keys(TASKS).map((name) => row(name)),
          {},
        ),
        new OutcomeChain([], pessimistic),
        [policy],
        { irreproducible: { rules: [rule()], seed: "1" }, builder: "persistent" },
      );
      expect([policy, policies[0]?.sum.executed]).toEqual([policy, 0]);
    }
  });

  it("decides by the first rule that matches, by recipe and task without a multiconfig", () => {
    const draw = createRunDraws({
      rules: [rule({ recipe: "lib", probability: 0 }), rule({ recipe: "l*", task: "do_compile", does: "contained" })],
      seed: "1",
    });
    const key = (name: string) => name as Parameters<typeof draw>[0];
    expect(
      ["lib:do_compile", "libc:do_compile", "mc:x:libc:do_compile", "libc:do_install"].map(
        (it) => draw(key(it), "3")?.does,
      ),
    ).toEqual([undefined, "contained", "contained", undefined]);
  });

  it("draws as often as the probability says, each run by itself", () => {
    const draw = createRunDraws({ rules: [rule({ probability: 0.3 })], seed: "1" });
    const marks = Array.from(
      { length: 2000 },
      (_, build) => draw("a:do_x" as Parameters<typeof draw>[0], `${build}`)?.mark,
    );
    const others = marks.filter((it) => it !== undefined);
    expect(Math.round((others.length / 2000) * 10) / 10).toBe(0.3);
    expect(new Set(others).size).toBe(others.length);
  });

  it("is reported with another outhash under the taskhash that is known, and answered with its first depid", async () => {
    const service = createTableService();
    const reports: (OutHashReport & { readonly answer: string })[] = [];
    const { builders, servers } = singleBuilder("fresh");
    const [ci] = builders as [(typeof builders)[0]];
    await replay(
      sketchHistory(Object.keys(TASKS).map((name) => row(name))),
      new OutcomeChain([], pessimistic),
      ["equivhash"],
      {
        irreproducible: { rules: [rule({ recipe: "lib" })], seed: "1" },
        topology: {
          servers,
          builders: [
            { ...ci, name: "a", sstate: "a" },
            { ...ci, name: "b", sstate: "b" },
          ],
          caches: [{ name: "a" }, { name: "b" }],
        },
        service: {
          getDepIds: (queries) => service.getDepIds(queries),
          reportEquiv: (report) => service.reportEquiv(report),
          removeAll: (tasks) => service.removeAll(tasks),
          async reportAll(all) {
            const answers = await service.reportAll(all);
            for (const [i, report] of all.entries()) reports.push({ ...report, answer: answers[i] as string });
            return answers;
          },
        },
      },
    );
    const [sysroot, ofApp, again, ofAppAgain] = reports;
    expect(reports).toHaveLength(4);
    expect([again?.taskhash, again?.answer]).toEqual([sysroot?.taskhash, sysroot?.answer]);
    expect(again?.outhash).not.toBe(sysroot?.outhash);
    expect([ofAppAgain?.taskhash, ofAppAgain?.answer]).toEqual([ofApp?.taskhash, ofApp?.answer]);
    expect(ofAppAgain?.outhash).not.toBe(ofApp?.outhash);
  });
});
