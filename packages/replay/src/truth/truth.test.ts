import type { Tid } from "@depid/hash";
import type { CaptureChange, HistoryStep } from "@depid/task-graph";
import { TaskGraph } from "@depid/task-graph";
import { basehashOf, sketchTask, type TaskSketch, tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { accountFor } from "../outcomes/outcome-account.ts";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import {
  neutral,
  type Outcome,
  type OutcomeBound,
  type OutcomeSource,
  pessimistic,
} from "../outcomes/outcome-model.ts";
import { Contents } from "./truth.ts";

/**
 * Two recipes: `lib` with compile and install, `app` that uses lib's install.
 *
 * ```
 * lib:do_compile -> lib:do_install -> app:do_compile -> app:do_install
 * ```
 */
const TASKS: Record<string, TaskSketch> = {
  "lib:do_compile": {},
  "lib:do_install": { deps: ["lib:do_compile"] },
  "app:do_compile": { deps: ["lib:do_install"] },
  "app:do_install": { deps: ["app:do_compile"] },
};
const ALL = Object.keys(TASKS);
const [LIB_COMPILE, LIB_INSTALL, APP_COMPILE] = ALL.map(tidOf) as [Tid, Tid, Tid];

const start = (outcome: Outcome) => startWith([{ name: "test", outcomeOf: () => outcome }], pessimistic);

async function startWith(sources: readonly OutcomeSource[], bound: OutcomeBound) {
  const graph = new TaskGraph([]);
  const chain = new OutcomeChain(sources, bound);
  const contents = new Contents(graph, chain);
  let step = 0;
  const apply = async (change: CaptureChange) => {
    const before = [...change.remove, ...change.upsert.map((task) => task.tid)].flatMap((tid) => graph.find(tid) ?? []);
    graph.apply(change);
    await contents.apply(
      {
        step: step++,
        id: `c0c0c0c${step - 1}`,
        date: "",
        commits: [],
        change,
        expect: { tasks: 0, taskhashes: "" },
      } as HistoryStep,
      before,
    );
  };
  const truth = () => Object.fromEntries(graph.tids.map((tid) => [tid, contents.truthOf(tid).output]));
  await apply({ upsert: ALL.map((name) => sketchTask(name, TASKS[name])), remove: [] });
  return { apply, truth, contents, chain, first: truth() };
}

function changed(name: string, sketch: TaskSketch = {}): CaptureChange {
  return {
    upsert: [sketchTask(name, { ...TASKS[name], basehash: basehashOf(`${name} changed`), ...sketch })],
    remove: [],
  };
}

function changedNames(before: Record<string, string>, after: Record<string, string>): string[] {
  return ALL.filter((name) => before[tidOf(name)] !== after[tidOf(name)]);
}

describe("the true content of a task", () => {
  it.each<[Outcome, string[]]>([
    ["neutral", []],
    ["contained", ["lib:do_compile", "lib:do_install"]],
    ["propagating", ALL],
  ])("after a %s change of lib:do_compile is another one in %j", async (outcome, expected) => {
    const { apply, truth, first } = await start(outcome);
    await apply(changed("lib:do_compile"));
    expect(changedNames(first, truth())).toEqual(expected);
  });

  it("is what it was when a change is taken back", async () => {
    const { apply, truth, first } = await start("propagating");
    await apply(changed("lib:do_compile"));
    await apply({ upsert: [sketchTask("lib:do_compile")], remove: [] });
    expect(truth()).toEqual(first);
  });

  it("does not count what a neutral change did, once a later one propagates from the same inputs", async () => {
    const neutral = await start("neutral");
    await neutral.apply(changed("lib:do_compile"));
    const propagating = await start("propagating");
    await propagating.apply(changed("lib:do_compile"));
    expect(neutral.truth()).toEqual(neutral.first);
    expect(propagating.truth()).not.toEqual(neutral.first);
  });

  it("stays when a dependency is dropped without effect, whatever becomes of that dependency", async () => {
    const { apply, truth, first } = await start("neutral");
    await apply({ upsert: [sketchTask("app:do_compile", { deps: [] })], remove: [] });
    expect(changedNames(first, truth())).toEqual([]);
  });

  it("follows a recipe into its next version, whose tids are others", async () => {
    const { apply, truth, contents, first } = await start("neutral");
    const next = (name: string, deps: Tid[]) => {
      const tid = tidOf(name).replace("lib.bb", "lib_2.bb") as Tid;
      return { ...sketchTask(name), tid, hashdeps: deps, execdeps: deps };
    };
    const compile = next("lib:do_compile", []);
    const install = next("lib:do_install", [compile.tid]);
    const app = { ...sketchTask("app:do_compile"), hashdeps: [install.tid], execdeps: [install.tid] };
    await apply({ upsert: [compile, install, app], remove: [LIB_COMPILE, LIB_INSTALL] });
    expect(contents.truthOf(install.tid).output).toBe(first[LIB_INSTALL]);
    expect(truth()[APP_COMPILE]).toBe(first[APP_COMPILE]);
  });

  it.each<[string, "neutral" | "pessimistic"]>([
    ["neutral", "neutral"],
    ["pessimistic", "pessimistic"],
  ])("is that of then when a change is taken back, whatever is assumed of changes: %s", async (_what, bound) => {
    const { apply, truth, first, contents, chain } = await startWith(
      [{ name: "test", outcomeOf: ({ step }) => (step.step === 1 ? "propagating" : undefined) }],
      bound === "neutral" ? neutral : pessimistic,
    );
    await apply(changed("lib:do_compile"));
    expect(changedNames(first, truth())).toEqual(ALL);
    await apply({ upsert: [sketchTask("lib:do_compile")], remove: [] });
    expect(truth()).toEqual(first);
    expect(accountFor(chain, contents.decisions, []).shares).toEqual([
      { name: "own inputs as they were before", changes: 1 },
      { name: "test", changes: 1 },
      { name: bound, changes: 0 },
    ]);
  });

  it("is that of an earlier commit where an outcome says so: a neutral change over a revert", async () => {
    const { apply, truth, first } = await startWith(
      [{ name: "test", outcomeOf: ({ step }) => (step.step === 1 ? "propagating" : { as: "c0c0c0c0" }) }],
      pessimistic,
    );
    await apply(changed("lib:do_compile"));
    await apply(changed("lib:do_compile", { basehash: basehashOf("as at first, but for a comment") }));
    expect(truth()).toEqual(first);
  });

  it("cannot be that of a commit that no step so far has", async () => {
    const { apply } = await start({ as: "1234567" });
    await expect(apply(changed("lib:do_compile"))).rejects.toThrow(
      "as: 1234567: expected a commit of the steps 0 to 1",
    );
  });

  it("changes where an outcome is unique, and the output names its hash from then on, in the tasks that it speaks of", async () => {
    const { apply, truth, first, contents } = await start("unique");
    const names = () => ALL.filter((name) => contents.namesItself(sketchTask(name, TASKS[name])));
    expect(names()).toEqual([]);
    await apply(changed("lib:do_install"));
    expect(changedNames(first, truth())).toEqual(ALL.slice(1));
    expect(names()).toEqual(["lib:do_install"]);
  });

  it("of a task that really ran depends on what its dependencies really held", async () => {
    const { contents, first } = await start("neutral");
    const held = { output: "stale", outward: "stale" };
    expect(contents.contentIn(contents.slotOf(APP_COMPILE), () => held).output).not.toBe(first[APP_COMPILE]);
    expect(contents.contentIn(contents.slotOf(APP_COMPILE), () => undefined).output).toBe(first[APP_COMPILE]);
  });
});
