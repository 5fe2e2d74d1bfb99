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

  /** Executed and restored in each step, by builder. */
  const went = ({ builders = [] }: MeasuredPolicy) =>
    builders.map(({ steps }) => steps.map(({ executed, restored }) => `${executed}+${restored}`).join(" "));
  const TWO = "builders: [{ name: a, kind: fresh }, { name: b, kind: fresh";

  it.each([
    "builders: [{ name: a, kind: fresh }, { name: b, kind: fresh, sstate: own, read_only: true }]\nservers: [{ name: main }]",
    "builders: [{ name: a, kind: fresh }, { name: b, kind: fresh, sstate: own, server: public }]\nservers: [{ name: main }, { name: public, read_only_of: main }]",
  ])("has a builder that may not report profit from what others report", async (site) => {
    const measured = await replay("equivhash", "fresh", `${site}\ncaches: [{ name: c }, { name: own }]`);
    expect(went(measured)).toEqual(["2+0 1+1 1+1 1+1", "2+0 0+2 0+2 0+2"]);
  });

  it("has a builder that may not report keep others from it, where it fills their cache first: what is restored is not reported", async () => {
    const two = "builders: [{ name: a, kind: fresh, read_only: true }, { name: b, kind: fresh }]";
    expect(went(await replay("equivhash", "fresh", two))).toEqual(["2+0 2+0 2+0 2+0", "0+2 0+2 0+2 0+2"]);
  });

  it("has a builder that reaches no server go by taskhashes: what is above a change is built again", async () => {
    const measured = await replay("equivhash", "fresh", "builders: [{ name: a, kind: fresh, unreachable: [2] }]");
    expect(went(measured)).toEqual(["2+0 1+1 2+0 1+1"]);
    expect(measured.builders?.[0]?.traffic.steps[2]).toMatchObject({ lookups: 0, batches: 0, reports: 0 });
  });

  it("has a server that is lost learn all anew, and one that is restored know what its copy knew", async () => {
    const lost = (more: string) =>
      replay(
        "equivhash",
        "fresh",
        `builders: [{ name: a, kind: fresh }]\nservers: [{ name: s, lost: [{ at: 2${more} }] }]`,
      );
    // The low task is reported anew, by another taskhash than the high one's object was built with.
    expect(went(await lost(""))).toEqual(["2+0 1+1 2+0 1+1"]);
    expect(went(await lost(", restored_from: 0"))).toEqual(["2+0 1+1 1+1 1+1"]);
  });

  it("has a server with an upstream give what that knows, also when that is lost", async () => {
    const servers = "servers: [{ name: hub, lost: [{ at: 2 }] }, { name: main, upstream: hub }]";
    const builders = "builders: [{ name: far, kind: fresh, steps: [0, 1] }, { name: ci, kind: fresh, server: main }]";
    expect(went(await replay("equivhash", "fresh", `${builders}\n${servers}`))).toEqual([
      "2+0 1+1 0+0 0+0",
      // What it asked the hub for it has; of outputs it has what it reported itself.
      "0+2 0+2 2+0 1+1",
    ]);
  });

  it("has equivalences that are forgotten before their objects cost builds, and those that are kept longer none", async () => {
    const collected = (gc: string) =>
      replay(
        "equivhash",
        "fresh",
        `builders: [{ name: a, kind: fresh, steps: [0, 3] }]\nservers: [{ name: s, gc: ${gc} }]`,
      );
    expect(went(await collected("{ rule: objects }"))).toEqual(["2+0 0+0 0+0 1+1"]);
    expect(went(await collected("{ rule: age, steps: 9 }"))).toEqual(["2+0 0+0 0+0 1+1"]);
    expect(went(await collected("{ rule: age, steps: 2 }"))).toEqual(["2+0 0+0 0+0 2+0"]);
  });

  it("has equivalences outlive the reports that were first, as long as builds go on and hand their depids down", async () => {
    const site = "builders: [{ name: a, kind: fresh }]\nservers: [{ name: s, gc: { rule: age, steps: 1 } }]";
    expect(went(await replay("equivhash", "fresh", site))).toEqual(["2+0 1+1 1+1 1+1"]);
  });

  it("has names of objects that are gone cost nothing but the build that makes them again", async () => {
    const pruned = (gc: string) =>
      replay(
        "equivhash",
        "fresh",
        `builders: [{ name: a, kind: fresh, steps: [0, 2, 3] }]\ncaches: [{ name: c, prune: { rule: unused, steps: 1 } }]\nservers: [{ name: s${gc} }]`,
      );
    // Step 1 is over without a build: the cache is empty.
    expect(went(await pruned(""))).toEqual(["2+0 0+0 2+0 1+1"]);
    expect(went(await pruned(", gc: { rule: objects }"))).toEqual(["2+0 0+0 2+0 1+1"]);
  });

  it("has a builder with a mirror find what others built in earlier steps, as late as the mirror is", async () => {
    const caches = (behind: number) =>
      `caches: [{ name: c }, { name: own }, { name: m, mirror_of: c, behind: ${behind} }]`;
    const b = ", sstate: own, mirrors: [m], offset: 1 }]";
    expect(went(await replay("equivhash", "fresh", `${TWO}${b}\n${caches(1)}`))).toEqual([
      "2+0 1+1 1+1 1+1",
      "0+0 0+2 0+2 0+2",
    ]);
    expect(went(await replay("equivhash", "fresh", `${TWO}${b}\n${caches(3)}`))).toEqual([
      "2+0 1+1 1+1 1+1",
      "0+0 2+0 0+2 0+2",
    ]);
  });

  it("counts what a builder reuses that others made otherwise: with one taskhash no policy of BitBake's can tell", async () => {
    const { builders = [], sum } = await replay("basichash", "fresh", `${TWO}, diverges: [low] }]`);
    expect(builders.map(({ steps }) => steps.map(({ executed, stale }) => [executed, stale]))).toEqual([
      [
        [2, 0],
        [2, 0],
        [2, 0],
        [2, 0],
      ],
      // It restores both tasks from the other builder, and a clean build of its own would have made both otherwise.
      [
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 2],
      ],
    ]);
    expect(sum.stale).toBe(6);
  });

  it("has a builder whose outputs are others reuse only those, by the names that all report, where its cache is its own", async () => {
    const apart = `${TWO}, sstate: own, diverges: [low] }]\ncaches: [{ name: c }, { name: own }]`;
    const measured = await replay("equivhash", "fresh", apart);
    expect(went(measured)).toEqual(["2+0 1+1 1+1 1+1", "2+0 0+2 0+2 0+2"]);
    expect(measured.sum.stale).toBe(0);
  });

  it.each([
    ["builders: [{ name: a, kind: fresh, unreachable: [9] }]", "builder a: unreachable"],
    ["builders: [{ name: a, kind: fresh }]\nservers: [{ name: s, unreachable: [9] }]", "server s: unreachable"],
    ["builders: [{ name: a, kind: fresh }]\nservers: [{ name: s, lost: [{ at: 9 }] }]", "server s: lost"],
  ])("names what is to happen in a step that never comes", async (yaml, what) => {
    await expect(replay("basichash", "fresh", yaml)).rejects.toThrow(
      `${what}: expected one of the steps 0 to 3, found 9`,
    );
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
