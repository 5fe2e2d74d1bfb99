import { startServer } from "@depid/hashserv";
import { createMemoryStorage } from "@depid/hashserv/storage/memory";
import { type HashClient, openClient } from "@depid/hashserv-client";
import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countNames } from "./measure/fates.ts";
import type { ReplayOptions } from "./options.ts";
import { createLabelSource } from "./outcomes/labels.ts";
import { OutcomeChain } from "./outcomes/outcome-chain.ts";
import { neutral, type OutcomeBound, pessimistic } from "./outcomes/outcome-model.ts";
import { policyNames } from "./policies/names.ts";
import { getPolicy } from "./policies/registry.ts";
import { replayHistory } from "./replay.ts";
import type { ReplayResult } from "./result.ts";
import {
  createTableService,
  describeEquivalenceService,
  describeOutcomeSource,
  sketchHistory,
} from "./testing/index.ts";

let client: HashClient;
let close: () => Promise<void>;
beforeAll(async () => {
  const server = await startServer({ bind: "127.0.0.1:0", storage: createMemoryStorage() });
  client = await openClient(server.address);
  close = async () => {
    await client.close();
    await server.close();
  };
});
afterAll(() => close());

describeEquivalenceService("our client and server over TCP", async () => client);
describeEquivalenceService("a table", async () => createTableService());
describeOutcomeSource("pessimistic", () => pessimistic);
describeOutcomeSource("neutral", () => neutral);
describeOutcomeSource("labelled", () => createLabelSource({ otherwise: "contained", labels: [] }, "none"));

/**
 * A tool, a library that uses it and an application that uses the library; each compiles, and installs for the next.
 *
 * ```
 * tool:do_compile -> tool:do_sysroot* -> lib:do_compile -> lib:do_sysroot* -> app:do_compile -> app:do_package*
 * ```
 *
 * (* can be restored)
 */
const TASKS: Record<string, TaskSketch> = {
  "tool:do_compile": {},
  "tool:do_sysroot": { deps: ["tool:do_compile"], setscene: true },
  "lib:do_compile": { deps: ["tool:do_sysroot"] },
  "lib:do_sysroot": { deps: ["lib:do_compile"], setscene: true },
  "app:do_compile": { deps: ["lib:do_sysroot"] },
  "app:do_package": { deps: ["app:do_compile"], setscene: true },
};
const FIRST = Object.entries(TASKS).map(([name, sketch]) => sketchTask(name, sketch));
const changed = (name: string, text: string) => sketchTask(name, { ...TASKS[name], basehash: basehashOf(text) });
const tool = (text: string) => ({ upsert: [changed("tool:do_compile", text)] });

let runs = 0;
async function replay(
  changes: Parameters<typeof sketchHistory>[1][],
  options: Partial<Omit<ReplayOptions, "outcomes">> & { outcomes: OutcomeBound },
) {
  return replayHistory(sketchHistory(FIRST, ...changes), {
    policies: policyNames.map((name) => getPolicy(name)),
    service: client,
    namespace: `test-${runs++}`,
    builder: "fresh",
    workers: 1,
    seed: 0,
    ...options,
    outcomes: new OutcomeChain([], options.outcomes),
  });
}

function column(result: ReplayResult, policy: string, name: (typeof countNames)[number]): (number | undefined)[] {
  return (result.policies.find((it) => it.name === policy)?.steps ?? []).map((counts) => counts[name]);
}

describe("a replay", () => {
  it.each(["fresh", "persistent"] as const)(
    "accounts for every task of every build, with a %s builder",
    async (builder) => {
      const result = await replay([tool("1"), tool("2")], { outcomes: neutral, builder });
      for (const { steps } of result.policies) {
        for (const it of steps)
          expect(it.executed + it.restored + it.skipped + it.covered + it.noexec).toBe(FIRST.length);
      }
    },
  );

  it("avoids nothing when all is rebuilt, and everything that reuses executes all of the first step", async () => {
    const result = await replay([tool("1")], { outcomes: neutral });
    expect(column(result, "rebuild-all", "executed")).toEqual([6, 6]);
    for (const policy of policyNames) expect(column(result, policy, "executed")[0]).toBe(6);
  });

  it("sums up all steps but the first", async () => {
    const result = await replay([tool("1"), tool("2")], { outcomes: pessimistic });
    const basichash = result.policies.find((it) => it.name === "basichash");
    expect(basichash?.sum.executed).toBe(12);
    expect(basichash?.steps.map((it) => it.executed)).toEqual([6, 6, 6]);
  });

  it("holds the clairvoyant and basichash equal when every change propagates", async () => {
    const result = await replay([tool("1"), { upsert: [changed("lib:do_compile", "1")] }], { outcomes: pessimistic });
    for (const name of countNames)
      expect(column(result, "clairvoyant", name)).toEqual(column(result, "basichash", name));
    expect(column(result, "basichash", "executed")).toEqual([6, 6, 4]);
  });

  it("has the clairvoyant execute nothing after a neutral change, and calls what basichash executes needless", async () => {
    const result = await replay([tool("1")], { outcomes: neutral });
    expect(column(result, "clairvoyant", "executed")[1]).toBe(0);
    expect(column(result, "basichash", "executed")[1]).toBe(6);
    expect(column(result, "basichash", "needless")[1]).toBe(6);
    expect(column(result, "basichash", "stale")[1]).toBe(0);
  });

  it("finds what basic leaves stale in a build directory that persists", async () => {
    const result = await replay([tool("1")], { outcomes: pessimistic, builder: "persistent" });
    expect(column(result, "basic", "executed")[1]).toBe(0);
    expect(column(result, "basic", "stale")[1]).toBeGreaterThan(0);
    expect(column(result, "basichash", "stale")[1]).toBe(0);
  });

  it("executes the recipe itself but no dependent after a contained change", async () => {
    const contained: OutcomeBound = { name: "contained", outcomeOf: () => "contained" };
    const result = await replay([tool("1")], { outcomes: contained });
    expect(column(result, "clairvoyant", "executed")[1]).toBe(2);
  });

  it("restores under every policy what a reverted change had left in the cache", async () => {
    const result = await replay([tool("1"), { upsert: [sketchTask("tool:do_compile")] }], { outcomes: pessimistic });
    for (const policy of ["basic", "basichash", "equivhash-2018", "clairvoyant"])
      expect(column(result, policy, "executed")[2]).toBe(0);
  });

  it("does not credit equivhash-2018 with the build that finds an output equal: depids were resolved when it started", async () => {
    const result = await replay([tool("1"), { upsert: [changed("app:do_compile", "1")] }], { outcomes: neutral });
    expect(column(result, "equivhash-2018", "executed").slice(0, 2)).toEqual([6, 6]);
    expect(column(result, "equivhash-2018", "executed")[2]).toBe(2);
  });

  it("shows that equivhash-2018 builds twice what changed together with something below it", async () => {
    const both = { upsert: [changed("tool:do_compile", "1"), changed("lib:do_compile", "1")] };
    const result = await replay([both, {}], { outcomes: neutral });
    expect(column(result, "basichash", "executed").slice(1)).toEqual([6, 0]);
    // lib was built with the tool's own hash in its taskhash; now the tool's depid is known, and that taskhash is a new one
    expect(column(result, "equivhash-2018", "executed").slice(1)).toEqual([6, 4]);
  });

  it("credits equivhash with the build that finds an output equal: what stands above is restored in mid-build", async () => {
    const result = await replay([tool("1")], { outcomes: neutral });
    // With the build directory empty and one worker, nothing of the dependents is free to run before the tool's sysroot is reported.
    expect(column(result, "equivhash", "executed")).toEqual([6, 2]);
    expect(column(result, "equivhash", "needless")[1]).toBe(2);
    expect(column(result, "equivhash", "restored")[1]).toBe(2);
    expect(column(result, "equivhash", "timing")[1]).toBe(0);
  });

  it("has equivhash find a change of a tool and of what uses it equal one after the other", async () => {
    const both = { upsert: [changed("tool:do_compile", "1"), changed("lib:do_compile", "1")] };
    const result = await replay([both, {}], { outcomes: neutral, builder: "persistent" });
    expect(column(result, "equivhash", "executed")).toEqual([6, 4, 0]);
    expect(column(result, "equivhash", "stale")).toEqual([0, 0, 0]);
  });

  it("counts as a matter of timing what would not have run had it waited for the answers", async () => {
    const free: Record<string, TaskSketch> = {
      "app:do_fetch": {},
      "app:do_compile": { deps: ["lib:do_sysroot", "app:do_fetch"] },
    };
    const rows = Object.entries({ ...TASKS, ...free }).map(([name, sketch]) => sketchTask(name, sketch));
    const result = await replayHistory(sketchHistory(rows, tool("1")), {
      policies: [getPolicy("equivhash"), getPolicy("basichash")],
      outcomes: new OutcomeChain([], neutral),
      service: client,
      namespace: "timing",
      builder: "fresh",
      workers: 2,
      seed: 0,
    });
    const { executed, timing } = result.policies[0]?.steps[1] ?? {};
    expect([executed, timing]).toEqual([3, 1]);
    expect(column(result, "basichash", "timing")).toEqual([0, 0]);
  });

  it("gives the same result twice, though the server remembers the first", async () => {
    const once = () => replay([tool("1"), tool("2")], { outcomes: neutral });
    expect(await once()).toEqual(await once());
  });

  it("runs nostamp tasks, and what is above them, in every build", async () => {
    const result = await replayHistory(
      sketchHistory(
        [sketchTask("a:do_x", { nostamp: true }), sketchTask("b:do_x", { deps: ["a:do_x"], setscene: true })],
        {},
      ),
      {
        policies: [getPolicy("basichash")],
        outcomes: new OutcomeChain([], neutral),
        service: client,
        namespace: "nostamp",
        builder: "persistent",
        workers: 1,
        seed: 0,
      },
    );
    expect(column(result, "basichash", "executed")).toEqual([2, 2]);
  });

  it("stops between builds when it is told to", async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = ({ step }: { readonly step: number }) => {
      seen.push(step);
      if (step === 1) controller.abort(new Error("enough"));
    };
    await expect(
      replay([tool("1"), tool("2")], { outcomes: neutral, signal: controller.signal, onProgress }),
    ).rejects.toThrow("enough");
    expect(seen).not.toContain(2);
  });
});

describe("a policy that is not there", () => {
  it("is an error that lists the policies", () => {
    expect(policyNames).toEqual(expect.arrayContaining(["basichash", "equivhash", "clairvoyant"]));
    expect(() => getPolicy("magic")).toThrow(`no policy "magic": expected one of ${policyNames.join(", ")}, or`);
  });
});
