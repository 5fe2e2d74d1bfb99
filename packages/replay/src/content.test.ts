import type { Tid } from "@depid/hash";
import type { CaptureChange, HistoryStep } from "@depid/task-graph";
import { TaskGraph } from "@depid/task-graph";
import { basehashOf, sketchTask, type TaskSketch, tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { Contents } from "./content.ts";
import { OutcomeChain } from "./outcome-chain.ts";
import { type Outcome, pessimistic } from "./outcome-model.ts";

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

async function start(outcome: Outcome) {
  const graph = new TaskGraph([]);
  const contents = new Contents(graph, new OutcomeChain([{ name: "test", outcomeOf: () => outcome }], pessimistic));
  let step = 0;
  const apply = async (change: CaptureChange) => {
    const before = [...change.remove, ...change.upsert.map((task) => task.tid)].flatMap((tid) => graph.find(tid) ?? []);
    graph.apply(change);
    await contents.apply(
      { step: step++, id: "0", date: "", commits: [], change, expect: { tasks: 0, taskhashes: "" } } as HistoryStep,
      before,
    );
  };
  const truth = () => Object.fromEntries(graph.tids.map((tid) => [tid, contents.truthOf(tid).output]));
  await apply({ upsert: ALL.map((name) => sketchTask(name, TASKS[name])), remove: [] });
  return { apply, truth, contents, first: truth() };
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

  it("of a task that really ran depends on what its dependencies really held", async () => {
    const { contents, first } = await start("neutral");
    const held = { output: "stale", outward: "stale" };
    expect(contents.contentOf(APP_COMPILE, () => held).output).not.toBe(first[APP_COMPILE]);
    expect(contents.contentOf(APP_COMPILE, () => undefined).output).toBe(first[APP_COMPILE]);
  });
});
