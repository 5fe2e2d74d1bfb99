import { createMemoryStore } from "@depid/sstate";
import { sketchGraph, tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { addTaint, createBuilder, listStamps, removeStamps } from "./builder.ts";
import { StepError } from "./errors.ts";
import { formatEvent } from "./event.ts";
import { compileBuild } from "./plan.ts";
import { type SimulatedBuild, simulateBuild } from "./simulate.ts";
import { createState } from "./state/state.ts";
import { step } from "./step.ts";
import { formatSstateSummary, formatTasksSummary } from "./summary.ts";
import { hashesOf } from "./testing/index.ts";
import type { BuildWorld } from "./world.ts";

/**
 * ```
 * a:do_compile -> a:do_populate_sysroot* -> b:do_compile -> b:do_populate_sysroot* -> b:do_build
 *            `--> a:do_package* ------------------------------------------------------'
 * ```
 */
const graph = sketchGraph({
  "a:do_compile": {},
  "a:do_populate_sysroot": { deps: ["a:do_compile"], setscene: true },
  "a:do_package": { deps: ["a:do_compile"], setscene: true },
  "b:do_compile": { deps: ["a:do_populate_sysroot"] },
  "b:do_populate_sysroot": { deps: ["b:do_compile"], setscene: true },
  "b:do_build": { deps: ["b:do_populate_sysroot", "a:do_package"], noexec: true },
});
const plan = compileBuild(graph, { targets: [tidOf("b:do_build")] });
const base: BuildWorld = { hashesOf, stampHash: "depid" };

/** What happened, a line per event, without checks. */
function trace({ events }: SimulatedBuild): string {
  const lines = events.filter(({ type }) => !["planned", "checked", "depvalid"].includes(type)).map(formatEvent);
  return lines.join("\n").replaceAll(".bb:do_", ":");
}

describe("simulateBuild", () => {
  it("a first build runs everything, as many tasks at a time as there are workers", async () => {
    const durationOf: BuildWorld["durationOf"] = ({ task }) => (task === "do_package" ? 1500 : 1000);
    const build = await simulateBuild(plan, createBuilder(), { ...base, workers: 2, durationOf });
    expect(trace(build)).toMatchInlineSnapshot(`
      "0ms  notcov   a:package (no-object)
      0ms  notcov   b:populate_sysroot (no-object)
      0ms  notcov   a:populate_sysroot (no-object)
      0ms  run      a:compile
      1000ms  done     a:compile
      1000ms  run      a:populate_sysroot
      1000ms  run      a:package
      2000ms  done     a:populate_sysroot
      2000ms  run      b:compile
      2500ms  done     a:package
      3000ms  done     b:compile
      3000ms  run      b:populate_sysroot
      4000ms  done     b:populate_sysroot
      4000ms  run      b:build (noexec)
      4000ms  done     b:build
      4000ms  end      COMPLETE"
    `);
    expect(build.summary.wallTime).toBe(4000);
    expect(formatTasksSummary(build.summary.tasks)).toBe(
      "Tasks Summary: Attempted 6 tasks of which 0 didn't need to be rerun and all succeeded.",
    );
  });

  it("a fresh build directory is filled from the store", async () => {
    const world = { ...base, store: createMemoryStore() };
    await simulateBuild(plan, createBuilder(), world);
    const fresh = await simulateBuild(plan, createBuilder(), world);
    expect(trace(fresh)).toMatchInlineSnapshot(`
      "0ms  restore  a:package
      1000ms  done     a:package (setscene)
      1000ms  covered  a:package (restored)
      1000ms  restore  b:populate_sysroot
      2000ms  done     b:populate_sysroot (setscene)
      2000ms  covered  b:populate_sysroot (restored)
      2000ms  restore  a:populate_sysroot
      3000ms  done     a:populate_sysroot (setscene)
      3000ms  covered  a:populate_sysroot (restored)
      3000ms  skip     a:compile (covered)
      3000ms  skip     a:populate_sysroot (covered)
      3000ms  skip     b:compile (covered)
      3000ms  skip     a:package (covered)
      3000ms  skip     b:populate_sysroot (covered)
      3000ms  run      b:build (noexec)
      3000ms  done     b:build
      3000ms  end      COMPLETE"
    `);
    expect(formatSstateSummary(fresh.summary.sstate)).toBe(
      "Sstate summary: Wanted 3 Local 3 Mirrors 0 Missed 0 Current 0 (100% match, 100% complete)",
    );
  });

  it("the builder it was given is left as it is", async () => {
    const builder = createBuilder();
    const first = await simulateBuild(plan, builder, base);
    expect(listStamps(builder)).toEqual([]);
    const kept = JSON.stringify(listStamps(first.builder));
    await simulateBuild(plan, first.builder, { ...base, hashesOf: (tid) => hashesOf(`${tid}x` as never) });
    expect(JSON.stringify(listStamps(first.builder))).toBe(kept);
  });

  it("an outdated stamp does not count, nor does one whose dependency's is lost", async () => {
    const world = { ...base, stampHash: "none" } as const;
    const first = await simulateBuild(plan, createBuilder(), world);
    const lost = removeStamps(first.builder, ({ stamp, task }) => stamp.includes("/a/") && task === "do_compile");
    const again = await simulateBuild(plan, lost, world);
    // a:do_compile is stamped anew, so what is made from it in the same recipe is older; other recipes do not look.
    expect(again.summary.executed.map((tid) => tid.replace(".bb", ""))).toEqual([
      "a:do_compile",
      "a:do_populate_sysroot",
      "a:do_package",
    ]);
  });

  it("a failure stops the build, but not what runs already", async () => {
    const fails: BuildWorld["fails"] = ({ task }) => task === "do_package";
    const build = await simulateBuild(plan, createBuilder(), { ...base, workers: 2, fails });
    expect(trace(build)).toMatchInlineSnapshot(`
      "0ms  notcov   a:package (no-object)
      0ms  notcov   b:populate_sysroot (no-object)
      0ms  notcov   a:populate_sysroot (no-object)
      0ms  run      a:compile
      1000ms  done     a:compile
      1000ms  run      a:populate_sysroot
      1000ms  run      a:package
      2000ms  done     a:populate_sysroot
      2000ms  FAILED   a:package (task-failed)
      2000ms  end      FAILED"
    `);
    expect(formatTasksSummary(build.summary.tasks)).toBe(
      "Tasks Summary: Attempted 3 tasks of which 0 didn't need to be rerun and 1 failed.",
    );
  });

  it("with keepGoing, what does not depend on the failed task goes on", async () => {
    const fails: BuildWorld["fails"] = ({ task }) => task === "do_package";
    const build = await simulateBuild(plan, createBuilder(), { ...base, keepGoing: true, fails });
    expect(build.summary.executed).toContain(tidOf("b:do_populate_sysroot"));
    expect([build.summary.failed, build.summary.state]).toEqual([[tidOf("a:do_package")], "FAILED"]);
  });

  it("a task that cannot be restored is run instead", async () => {
    const world = { ...base, store: createMemoryStore() };
    await simulateBuild(plan, createBuilder(), world);
    const fails: BuildWorld["fails"] = ({ tid }, variant) =>
      variant === "setscene" && tid === tidOf("b:do_populate_sysroot");
    const { summary } = await simulateBuild(plan, createBuilder(), { ...world, fails });
    expect(summary.setsceneFailed).toEqual([tidOf("b:do_populate_sysroot")]);
    expect(summary.executed).toEqual([tidOf("b:do_compile"), tidOf("b:do_populate_sysroot")]);
    expect(summary.state).toBe("COMPLETE");
  });

  it("with setsceneOnly, nothing is executed", async () => {
    const world = { ...base, store: createMemoryStore() };
    await simulateBuild(plan, createBuilder(), world);
    const { summary } = await simulateBuild(plan, createBuilder(), { ...world, setsceneOnly: true });
    expect([summary.executed, summary.restored.length, summary.tasks.attempted]).toEqual([[], 3, 0]);
  });

  it("a dry run leaves nothing behind", async () => {
    const store = createMemoryStore();
    const { builder, summary } = await simulateBuild(plan, createBuilder(), { ...base, store, dryRun: true });
    expect([listStamps(builder), await store.list(), summary.executed.length]).toEqual([[], [], 5]);
  });

  it("a taint is up to the caller; with force, a target is not restored", async () => {
    const target = tidOf("a:do_populate_sysroot");
    const forced = compileBuild(graph, { targets: [target] });
    const world = { ...base, store: createMemoryStore() };
    await simulateBuild(forced, createBuilder(), world);
    const builder = addTaint(createBuilder(), graph.get(target), "uuid");
    const build = await simulateBuild(forced, builder, { ...world, force: true });
    expect(build.summary.executed).toContain(target);
    expect(build.builder.taints).toEqual(builder.taints);
  });

  describe("reports", () => {
    const answered = hashesOf(tidOf("other:do_x")).depid;
    const reporter = () => {
      const batches: string[][] = [];
      return {
        batches,
        report: (reports: readonly { readonly task: { readonly tid: string } }[]) => {
          batches.push(reports.map(({ task }) => task.tid));
          return reports.map(() => answered);
        },
      };
    };

    it("leave as one batch when answers are only logged: objects and stamps bear the depid of the start", async () => {
      const port = reporter();
      const store = createMemoryStore();
      const build = await simulateBuild(plan, createBuilder(), { ...base, store, reporter: port });
      expect(port.batches.map((batch) => batch.length)).toEqual([3]);
      expect((await store.list()).filter((object) => object.startsWith(answered))).toEqual([]);
      const reported = build.events.filter((event) => event.type === "reported");
      expect(reported.map(({ answer, adopted }) => [answer, adopted])).toEqual([1, 2, 3].map(() => [answered, false]));
    });

    it("leave one by one when answers are adopted: objects and stamps bear the answer", async () => {
      const port = reporter();
      const store = createMemoryStore();
      const world: BuildWorld = { ...base, store, reporter: port, answers: "adopt" };
      const { builder } = await simulateBuild(plan, createBuilder(), world);
      expect(port.batches.map((batch) => batch.length)).toEqual([1, 1, 1]);
      expect(await store.list()).toEqual([`${answered}_do_package`, `${answered}_do_populate_sysroot`]);
      expect(listStamps(builder).filter(({ name }) => name.endsWith(answered))).toHaveLength(3);
    });

    it("must all be answered", async () => {
      const world: BuildWorld = { ...base, reporter: { report: () => [] } };
      await expect(simulateBuild(plan, createBuilder(), world)).rejects.toThrow(StepError);
    });
  });
});

describe("step", () => {
  it("says so when something is told that cannot be", () => {
    const state = createState(plan, createBuilder(), base);
    expect(() => step(state, { type: "checked", at: 0, found: [] })).toThrow(StepError);
    step(state, { type: "begin", at: 0 });
    expect(() => step(state, { type: "begin", at: 0 })).toThrow(StepError);
    expect(() => step(state, { type: "decide", at: 0 })).toThrow(StepError);
    expect(() => step(state, { type: "checked", at: 0, found: [] })).toThrow("expected 3 answers, got 0");
  });
});

describe("with -k and BB_SETSCENE_ENFORCE", () => {
  it("BitBake would try the first forbidden task for ever: the build ends there, and says so", async () => {
    const rules = { ...base, enforceExcept: ["b:*"], keepGoing: true };
    const build = await simulateBuild(plan, createBuilder(), rules);
    expect(trace(build).split("\n").slice(-3)).toEqual([
      "0ms  FAILED   a:compile (enforced)",
      "0ms  ENDLESS  a:compile may not run, and BitBake would try it for ever",
      "0ms  end      FAILED",
    ]);
    const halting = await simulateBuild(plan, createBuilder(), { ...rules, keepGoing: false });
    expect(halting.events.map(({ type }) => type)).not.toContain("endless");
  });
});
