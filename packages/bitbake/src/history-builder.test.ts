import { computeSignatures, createBasicHash, digestTaskHashes } from "@depid/siggen";
import { type BuildSettings, type Capture, type Task, TaskGraph, UnknownTaskError } from "@depid/task-graph";
import { basehashOf, sketchTask, tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { HistoryBuilder, type MetadataState } from "./history-builder.ts";

async function captureOf(tasks: readonly Task[], settings?: BuildSettings): Promise<Capture> {
  const graph = new TaskGraph(tasks);
  const signatures = await computeSignatures(graph, createBasicHash());
  return {
    header: { origin: {}, unknown: [], assumed: [], ...(settings === undefined ? {} : { settings }) },
    tasks: graph.tasks.map((task) => {
      const { taskhash, depid, depids } = signatures.get(task.tid);
      return { ...task, taskhash, depid, hashedDepids: depids, variables: undefined };
    }),
  };
}

const stateOf = (id: string): MetadataState => ({
  id,
  date: "2026-01-01T00:00:00Z",
  commits: [{ id, title: `title of ${id}` }],
});

const A = sketchTask("a:do_x");
const B = sketchTask("b:do_x", { deps: ["a:do_x"] });
const C = sketchTask("c:do_x", { deps: ["b:do_x"] });
const OTHER_B = { ...B, basehash: basehashOf("another") };

describe("a history of captures", () => {
  it("has the first state whole, and then what changed, with what to expect of each", async () => {
    const builder = new HistoryBuilder();
    expect(await builder.add(stateOf("c0"), await captureOf([A, B, C]))).toBe(true);
    expect(await builder.add(stateOf("c1"), await captureOf([A, OTHER_B, C]))).toBe(true);
    expect(await builder.add(stateOf("c2"), await captureOf([A, OTHER_B]))).toBe(true);
    const { header, steps } = builder.end({ tool: "t" });
    expect(header).toEqual({ tool: "t" });
    expect(
      steps.map(({ step, id, change, expect: { tasks, changed } }) => ({ step, id, change, tasks, changed })),
    ).toEqual([
      { step: 0, id: "c0", change: { upsert: [A, B, C], remove: [] }, tasks: 3, changed: undefined },
      { step: 1, id: "c1", change: { upsert: [OTHER_B], remove: [] }, tasks: 3, changed: 2 },
      { step: 2, id: "c2", change: { upsert: [], remove: [C.tid] }, tasks: 2, changed: 0 },
    ]);
    const anew = new TaskGraph([A, OTHER_B]);
    const digest = digestTaskHashes(anew, await computeSignatures(anew, createBasicHash()));
    expect(steps.at(-1)?.expect.taskhashes).toBe(digest);
  });

  it("keeps the variables of captures that have them, equal ones as one object, unless it is told not to", async () => {
    const variables = (value: string) => [
      { name: "V", value: "shared", deps: [] },
      { name: "do_x", value, deps: ["V"] },
    ];
    const captures = await Promise.all(
      ["1", "2"].map(async (value): Promise<Capture> => {
        const capture = await captureOf([{ ...A, basehash: basehashOf(value) }]);
        return { ...capture, tasks: capture.tasks.map((task) => ({ ...task, variables: variables(value) })) };
      }),
    );
    const kept = async (options?: { readonly variables: boolean }) => {
      const builder = new HistoryBuilder(options);
      for (const [i, capture] of captures.entries()) await builder.add(stateOf(`c${i}`), capture);
      return builder.end({}).steps.map((step) => step.change.upsert[0]?.variables);
    };
    const [first, second] = await kept();
    expect([first, second]).toEqual([variables("1"), variables("2")]);
    expect(first?.[0]).toBe(second?.[0]);
    expect(await kept({ variables: false })).toEqual([undefined, undefined]);
  });

  it("leaves out what changes no input of any task, and what could not be captured; the next step has their commits", async () => {
    const builder = new HistoryBuilder();
    await builder.add(stateOf("c0"), await captureOf([A]));
    expect(await builder.add(stateOf("c1"), await captureOf([A]))).toBe(false);
    builder.skip(stateOf("c2"));
    await builder.add(stateOf("c3"), await captureOf([A, B]));
    const commits = builder.end({}).steps.map((step) => step.commits.map(({ id }) => id));
    expect(commits).toEqual([["c0"], ["c1", "c2", "c3"]]);
  });

  it("does not take the random taint of a nostamp task for a change, but does take a forced task's", async () => {
    const tainted = (taint: string) => [{ ...A, nostamp: true, taint }, B];
    const builder = new HistoryBuilder();
    await builder.add(stateOf("c0"), await captureOf(tainted("nostamp:1")));
    expect(await builder.add(stateOf("c1"), await captureOf(tainted("nostamp:2")))).toBe(false);
    expect(await builder.add(stateOf("c2"), await captureOf(tainted("3")))).toBe(true);
    expect(builder.end({}).steps[0]?.change.upsert[0]?.taint).toBeUndefined();
  });

  it("refuses a capture that does not have all its tasks, and is as it was", async () => {
    const builder = new HistoryBuilder();
    await builder.add(stateOf("c0"), await captureOf([A]));
    const whole = await captureOf([A, B]);
    const partial = { ...whole, tasks: whole.tasks.filter(({ tid }) => tid !== tidOf("a:do_x")) };
    await expect(builder.add(stateOf("c1"), partial)).rejects.toThrow(UnknownTaskError);
    expect(builder.tasks).toBe(1);
    expect(await builder.add(stateOf("c1"), whole)).toBe(true);
    expect(builder.end({}).steps[1]?.commits).toHaveLength(1);
  });

  describe("with settings", () => {
    const NONE: BuildSettings = { excludedSysroots: [], outhashExtra: "none" };
    const TWO: BuildSettings = { excludedSysroots: ["a->b", "c->d"], outhashExtra: "oe-core" };
    const HARD_B = { ...B, setscene: true, harddeps: [A.tid] };

    async function historyOf(...captures: (readonly [readonly Task[], BuildSettings?])[]) {
      const builder = new HistoryBuilder();
      for (const [i, [tasks, settings]] of captures.entries()) {
        await builder.add(stateOf(`c${i}`), await captureOf(tasks, settings));
      }
      return builder.end({}).steps;
    }

    it("tells them where they are others than those in force, though no task changes", async () => {
      const swapped = { ...TWO, excludedSysroots: ["c->d", "a->b"] };
      const steps = await historyOf(
        [[A], TWO],
        [[A], { ...TWO }],
        [[A, B], { ...TWO }],
        [[A, B], swapped],
        [[A], NONE],
      );
      expect(steps.map(({ id, settings }) => [id, settings])).toEqual([
        ["c0", TWO],
        ["c2", undefined],
        ["c3", swapped],
        ["c4", NONE],
      ]);
      expect(steps[2]).toMatchObject({ change: { upsert: [], remove: [] }, expect: { changed: 0 } });
    });

    it("says how many captures did not tell them", async () => {
      const builder = new HistoryBuilder();
      const add = async (id: string, settings?: BuildSettings) =>
        builder.add(stateOf(id), await captureOf([A], settings));
      await add("c0", NONE);
      expect(builder.limits).toEqual({ unknown: [], assumed: [] });
      await add("c1");
      expect(builder.limits).toEqual({
        unknown: [],
        assumed: ["settings and hard dependencies of later builds that do not tell them, 1: as before"],
      });
      const older = new HistoryBuilder();
      for (const id of ["c0", "c1"]) await older.add(stateOf(id), await captureOf([A]));
      expect(older.limits).toEqual({
        unknown: ["settings and hard dependencies of the first builds, which do not tell them: 2"],
        assumed: [],
      });
    });

    it("tells none as long as no capture does", async () => {
      const steps = await historyOf([[A]], [[A, B]], [[A, B], NONE]);
      expect(steps.map((step) => "settings" in step)).toEqual([false, false, true]);
    });

    it("has hard dependencies in its rows, and a change of them changes no taskhash", async () => {
      const steps = await historyOf([[A, { ...B, setscene: true }], TWO], [[A, HARD_B], TWO]);
      expect(steps[1]).toMatchObject({ change: { upsert: [HARD_B], remove: [] }, expect: { changed: 0 } });
    });

    it("keeps what it knows where a capture by an older layer tells neither", async () => {
      const older = { ...HARD_B, harddeps: [] };
      const steps = await historyOf(
        [[A, HARD_B], TWO],
        [[A, older]],
        [[A, older, C]],
        [[C, { ...older, execdeps: [], hashdeps: [] }]],
      );
      expect(steps.map(({ id, settings }) => [id, settings])).toEqual([
        ["c0", TWO],
        ["c2", undefined],
        ["c3", undefined],
      ]);
      expect(steps[1]?.change.upsert).toEqual([C]);
      expect(steps[2]?.change.upsert).toMatchObject([{ tid: B.tid, harddeps: [] }]);
    });
  });
});
