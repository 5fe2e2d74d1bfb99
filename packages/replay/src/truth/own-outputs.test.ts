import { TaskGraph } from "@depid/task-graph";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { neutral, type OutcomeBound, pessimistic } from "../outcomes/outcome-model.ts";
import { sketchHistory } from "../testing/index.ts";
import { OwnOutputs } from "./own-outputs.ts";
import { Contents } from "./truth.ts";

const low = (text: string) => sketchTask("low:do_x", { basehash: basehashOf(text) });
const high = sketchTask("high:do_x", { deps: ["low:do_x"] });
const other = (text: string) => sketchTask("other:do_x", { basehash: basehashOf(text) });

/** Contents, and those of a builder on which `low` comes out otherwise, after the first step and the steps that are given. */
async function follow(bound: OutcomeBound, ...changes: Parameters<typeof sketchHistory>[1][]) {
  const history = sketchHistory([low("0"), high, other("0")], ...changes);
  const graph = new TaskGraph([]);
  const contents = new Contents(graph, new OutcomeChain([], bound));
  const own = new OwnOutputs(contents, graph, "builder", ({ pn }) => pn === "low");
  for (const step of history.steps) {
    const before = step.change.upsert.flatMap(({ tid }) => graph.find(tid) ?? []);
    graph.apply(step.change);
    await contents.apply(step, before);
    own.follow();
  }
  const truthsOf = ({ tid }: typeof high) => [contents.truthOf(tid), own.truthOf(tid)] as const;
  return { contents, own, truthsOf };
}

describe("a builder on which a task comes out otherwise", () => {
  it("has another truth of the task and of what is made from it, and of nothing else", async () => {
    const { truthsOf } = await follow(pessimistic);
    const differs = [low("0"), high, other("0")].map((task) => {
      const [truth, own] = truthsOf(task);
      return truth.output !== own.output && truth.outward !== own.outward;
    });
    expect(differs).toEqual([true, true, false]);
  });

  it("has the same truth again for the same inputs, and after a change that does nothing", async () => {
    const first = (await follow(neutral)).truthsOf(high)[1];
    const { own, truthsOf } = await follow(neutral, { upsert: [low("1")] });
    expect(truthsOf(high)[1]).toEqual(first);
    expect(own.changed).toEqual([]);
  });

  it("tells which truths changed there, as changes pass through it", async () => {
    const { own } = await follow(pessimistic, { upsert: [low("1")] });
    expect(own.changed).toEqual([low("1").tid, high.tid]);
    expect((await follow(pessimistic, { upsert: [other("1")] })).own.changed).toEqual([other("1").tid]);
  });

  it("makes what others make from what others made, where the task itself is not run", async () => {
    const { contents, own } = await follow(pessimistic);
    const [lowSlot, highSlot] = [contents.slotOf(low("0").tid), contents.slotOf(high.tid)];
    const foreign = contents.truthIn(lowSlot);
    expect(own.contentIn(highSlot, (slot) => (slot === lowSlot ? foreign : undefined))).toBe(
      contents.truthIn(highSlot),
    );
  });
});
