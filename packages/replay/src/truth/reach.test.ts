import { type CaptureChange, type HistoryStep, type Task, TaskGraph } from "@depid/task-graph";
import { basehashOf, sketchTask, type TaskSketch, tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { type Outcome, pessimistic } from "../outcomes/outcome-model.ts";
import { outHashOf } from "../outhash.ts";
import { type TaskKey, taskKeyOf } from "../task-key.ts";
import { formatContent, parseContent } from "./content.ts";
import { Contents } from "./truth.ts";

/**
 * ```
 *                                       ,-> app:do_x
 * lib:do_compile -> lib:do_install ----+
 *                                       `-> note:do_x
 * ```
 */
const TASKS: Record<string, TaskSketch> = {
  "lib:do_compile": {},
  "lib:do_install": { deps: ["lib:do_compile"] },
  "app:do_x": { deps: ["lib:do_install"] },
  "note:do_x": { deps: ["lib:do_install"] },
};
const ALL = Object.keys(TASKS);

/** Changes lib:do_compile, each time with the outcome given. @returns names of tasks with another output, and with another outhash, after each change */
async function follow(outcomes: readonly Outcome[], unseenDeps?: ReadonlyMap<TaskKey, readonly TaskKey[]>) {
  const graph = new TaskGraph([]);
  let at = -1;
  const source = { name: "test", outcomeOf: () => outcomes[at - 1] };
  const contents = new Contents(graph, new OutcomeChain([source], pessimistic), new Set(), unseenDeps);
  const apply = async (upsert: readonly Task[]) => {
    at += 1;
    const before = upsert.flatMap(({ tid }) => graph.find(tid) ?? []);
    const change: CaptureChange = { upsert, remove: [] };
    graph.apply(change);
    await contents.apply({ step: at, id: `c${at}`, commits: [], change } as unknown as HistoryStep, before);
    return ALL.map((name) => {
      const task = graph.get(tidOf(name));
      const content = contents.truthOf(task.tid);
      expect(parseContent(formatContent(content))).toEqual(content);
      return { name, output: content.output, outhash: outHashOf(task, content) };
    });
  };
  let last = await apply(ALL.map((name) => sketchTask(name, TASKS[name])));
  const steps: { readonly output: string[]; readonly outhash: string[] }[] = [];
  for (const i of outcomes.keys()) {
    const now = await apply([sketchTask("lib:do_compile", { basehash: basehashOf(`change ${i}`) })]);
    const changed = (key: "output" | "outhash") =>
      now.filter((it, j) => it[key] !== last[j]?.[key]).map((it) => it.name);
    steps.push({ output: changed("output"), outhash: changed("outhash") });
    last = now;
  }
  return steps;
}

describe("a change that not all see", () => {
  it("changes outputs and no outhash of the recipe, where the output hash does not see it; what is made with them is seen", async () => {
    expect(await follow([{ does: "propagating", unseen: true }])).toEqual([
      { output: ALL, outhash: ["app:do_x", "note:do_x"] },
    ]);
  });

  it("is seen with the next change that the output hash sees", async () => {
    const [, second] = await follow([{ does: "propagating", unseen: true }, "propagating"]);
    expect(second).toEqual({ output: ALL, outhash: ALL });
  });

  it("stays unseen where the next changes nothing", async () => {
    const [, second] = await follow([{ does: "propagating", unseen: true }, "neutral"]);
    expect(second).toEqual({ output: [], outhash: [] });
  });

  it("does not reach the recipes that it spares, through tasks of its own recipe too", async () => {
    const reached = ["lib:do_compile", "lib:do_install", "app:do_x"];
    expect(await follow([{ does: "propagating", spares: ["note"] }])).toEqual([{ output: reached, outhash: reached }]);
  });

  it("reaches them with the next that does not spare them, with another content than before both", async () => {
    const [, second] = await follow([{ does: "propagating", spares: ["note"] }, "propagating"]);
    expect(second?.output).toEqual(ALL);
  });

  it("reaches who uses a task that a dependency passes through unseen", async () => {
    const key = (name: string) => taskKeyOf(sketchTask(name));
    const unseen = new Map([[key("lib:do_install"), [key("lib:do_compile")]]]);
    expect(await follow(["propagating"], unseen)).toEqual([
      { output: ALL, outhash: ["lib:do_compile", "app:do_x", "note:do_x"] },
    ]);
  });
});
