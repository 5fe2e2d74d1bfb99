import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import type { OutcomeWord } from "../outcomes/outcome-model.ts";
import { replayHistory } from "../replay.ts";
import { createTableService, sketchHistory } from "../testing/index.ts";
import { getPolicy } from "./registry.ts";

/**
 * ```
 * lib:do_compile -> lib:do_populate_sysroot -> lib:do_package
 *                                    `-> app:do_compile -> app:do_populate_sysroot
 * ```
 */
const TASKS: Record<string, TaskSketch> = {
  "lib:do_compile": {},
  "lib:do_populate_sysroot": { deps: ["lib:do_compile"], setscene: true },
  "lib:do_package": { deps: ["lib:do_populate_sysroot"], setscene: true },
  "app:do_compile": { deps: ["lib:do_populate_sysroot"] },
  "app:do_populate_sysroot": { deps: ["app:do_compile"], setscene: true },
};
const FIRST = Object.entries(TASKS).map(([name, sketch]) => sketchTask(name, sketch));
const inVersion = (version: string) => `False sstate:lib:x86:${version}:r0:x86:14: ` as const;

/** lib:do_compile is changed, and what the other tasks of the recipe are called by. */
function change(version = "1.0") {
  const rows = FIRST.filter(({ pn }) => pn === "lib").map((task) => ({ ...task, hashfn: inVersion(version) }));
  return {
    upsert: rows.map((row) => (row.task === "do_compile" ? { ...row, basehash: basehashOf(`of ${version}`) } : row)),
  };
}

/** Tasks executed, and stale, in the second step, in a kept directory. */
async function secondStepOf(policy: string, outcome: OutcomeWord, version?: string) {
  const first = FIRST.map((task) => (task.pn === "lib" ? { ...task, hashfn: inVersion("1.0") } : task));
  const { policies } = await replayHistory(sketchHistory(first, change(version)), {
    policies: [getPolicy(policy)],
    outcomes: new OutcomeChain([], { name: "test", outcomeOf: () => outcome }),
    service: createTableService(),
    namespace: "n",
    builder: "persistent",
    workers: 1,
    seed: 0,
    outhashExtra: "oe-core",
  });
  const [, { executed, stale } = { executed: -1, stale: -1 }] = policies[0]?.steps ?? [];
  return { executed, stale };
}

describe("an output hash method", () => {
  it("any-version keeps a new version from rerunning what uses equal files", async () => {
    expect(await secondStepOf("equivhash", "neutral", "1.1")).toEqual({ executed: 5, stale: 0 });
    // lib:do_package, too: no object of it is called by the new version.
    expect(await secondStepOf("equivhash:any-version", "neutral", "1.1")).toEqual({ executed: 3, stale: 0 });
    expect(await secondStepOf("equivhash:any-version", "propagating", "1.1")).toEqual({ executed: 5, stale: 0 });
  });

  it("interface keeps a contained change from rerunning other recipes, and misses what the recipe's own tasks make of it", async () => {
    expect(await secondStepOf("equivhash", "contained")).toEqual({ executed: 5, stale: 0 });
    expect(await secondStepOf("equivhash:interface", "contained")).toEqual({ executed: 2, stale: 1 });
    expect(await secondStepOf("equivhash:interface", "propagating")).toEqual({ executed: 5, stale: 0 });
  });

  it("is one of a list, of a policy that reports", () => {
    expect(getPolicy("equivhash-2018:interface")).toMatchObject({
      name: "equivhash-2018:interface",
      definition: expect.stringContaining(
        "takes for equal also sysroots (do_populate_sysroot) of which other recipes see the same",
      ),
    });
    expect(() => getPolicy("equivhash:abi")).toThrow(
      'policy "equivhash:abi": expected an output hash method behind the colon, one of files-alone, any-version, interface',
    );
    expect(() => getPolicy("basichash:interface")).toThrow("with basichash nobody reports an output");
    expect(() => getPolicy("equivhsh:interface")).toThrow('no policy "equivhsh:interface"');
  });
});
