import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import type { ReplayOptions } from "./options.ts";
import { OutcomeChain } from "./outcomes/outcome-chain.ts";
import { neutral } from "./outcomes/outcome-model.ts";
import { getPolicy } from "./policies/registry.ts";
import { replayHistory } from "./replay.ts";
import type { MeasuredPolicy } from "./result.ts";
import { createTableService, sketchHistory } from "./testing/index.ts";
import { parseTopology } from "./topology/parse-topology.ts";

const low = (text: string) => sketchTask("low:do_x", { setscene: true, basehash: basehashOf(text) });
const high = sketchTask("high:do_x", { setscene: true, deps: ["low:do_x"] });

/** In each of three changes the comment of a low task is another one. */
const HISTORY = sketchHistory([low("0"), high], { upsert: [low("1")] }, { upsert: [low("2")] }, { upsert: [low("3")] });

async function replay(policy: string, builder: "fresh" | "persistent", yaml?: string) {
  const options: ReplayOptions = {
    policies: [getPolicy(policy)],
    outcomes: new OutcomeChain([], neutral),
    service: createTableService(),
    namespace: "n",
    builder,
    workers: 1,
    seed: 0,
  };
  const topology = yaml === undefined ? {} : { topology: parseTopology(`format: depid-topology/1\n${yaml}`, "t") };
  const { policies } = await replayHistory(HISTORY, { ...options, ...topology });
  return policies[0] as MeasuredPolicy;
}

describe("a replay with a topology", () => {
  it.each(["fresh", "persistent"] as const)("of one builder, %s, measures what one without measures", async (kind) => {
    const { builders, ...measured } = await replay("equivhash", kind, `builders: [{ name: ci, kind: ${kind} }]`);
    expect(measured).toEqual(await replay("equivhash", kind));
    expect(builders).toEqual([
      { name: "ci", builds: 3, steps: measured.steps, sum: measured.sum, traffic: measured.traffic },
    ]);
  });

  it("has a builder find what another one built and told before it in the same step", async () => {
    const { builders = [] } = await replay(
      "equivhash",
      "fresh",
      "builders: [{ name: a, kind: fresh }, { name: b, kind: fresh }]",
    );
    expect(builders.map(({ steps }) => steps.map(({ executed, restored }) => [executed, restored]))).toEqual([
      // The low task runs, comes out as before, and the high one is restored.
      [
        [2, 0],
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      [
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 2],
      ],
    ]);
  });

  it("has builders with servers and caches of their own find nothing of each other's", async () => {
    const { builders = [] } = await replay(
      "equivhash",
      "fresh",
      `
builders:
  - { name: a, kind: fresh, server: s, sstate: c }
  - { name: b, kind: fresh, every: 2, offset: 1, server: t, sstate: d }
servers: [{ name: s }, { name: t }]
caches: [{ name: c }, { name: d }]
`,
    );
    expect(builders[1]?.builds).toBe(2);
    expect(builders[1]?.steps.map(({ executed, restored }) => [executed, restored])).toEqual([
      [0, 0],
      [2, 0],
      [0, 0],
      [1, 1],
    ]);
  });

  it("names a builder that is due in no step", async () => {
    const asked = replay("basichash", "fresh", "builders: [{ name: a, kind: fresh, steps: [99] }]");
    await expect(asked).rejects.toThrow(
      /^builder a: expected that it builds in one of the steps 0 to \d+, found none$/,
    );
  });

  it("names a builder of whose targets none is there", async () => {
    const asked = replay("basichash", "fresh", "builders: [{ name: a, kind: fresh, targets: [lower] }]");
    await expect(asked).rejects.toThrow("builder a: expected a task of lower in step 0, found none");
  });
});

describe("the RFC of 2018, whose depids are resolved when a build starts", () => {
  const executedIn = ({ steps }: Pick<MeasuredPolicy, "steps">) => steps.map((it) => it.executed);

  it("saves a lone stream of builds nothing: what a build learns comes too late for what stands above", async () => {
    expect(executedIn(await replay("equivhash-2018", "fresh"))).toEqual([2, 2, 2, 2]);
    expect(executedIn(await replay("basichash", "fresh"))).toEqual([2, 2, 2, 2]);
  });

  it("has dependents restored where a low task is built and reported first, as a target of its own", async () => {
    const { builders = [] } = await replay(
      "equivhash-2018",
      "fresh",
      "builders: [{ name: low, kind: fresh, targets: [low] }, { name: ci, kind: fresh }]",
    );
    expect(builders.map(executedIn)).toEqual([
      [1, 1, 1, 1],
      [1, 0, 0, 0],
    ]);
    expect(builders[1]?.sum).toMatchObject({ executed: 0, restored: 6, needless: 0, stale: 0 });
  });
});
