import { type DepId, sha256Hex, type TaskHash, type Tid } from "@depid/hash";
import { createMemoryStore } from "@depid/sstate";
import { sketchGraph, tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { createBuilder, listStamps } from "./builder.ts";
import { compileBuild } from "./plan.ts";
import { simulateBuild } from "./simulate.ts";

/**
 * ```
 * a:do_compile -> a:do_install -> a:do_populate_sysroot* -> b:do_compile -> b:do_deploy* -> b:do_build
 *                          `----> a:do_package* -------------------------------------------'
 * ```
 */
const graph = sketchGraph({
  "a:do_compile": {},
  "a:do_install": { deps: ["a:do_compile"] },
  "a:do_populate_sysroot": { deps: ["a:do_install"], setscene: true },
  "a:do_package": { deps: ["a:do_install"], setscene: true },
  "b:do_compile": { deps: ["a:do_populate_sysroot"] },
  "b:do_deploy": { deps: ["b:do_compile"], setscene: true },
  "b:do_build": { deps: ["b:do_deploy", "a:do_package"] },
});
const plan = compileBuild(graph, { targets: [tidOf("b:do_build")] });

/** Hashes in which the tasks of `changed` differ, and known by the depids given. */
function hashes(changed: readonly string[] = [], depids: Readonly<Record<string, string>> = {}) {
  return (tid: Tid) => {
    const name = tid.replace(/^.*?([^/]+)\.bb:/, "$1:");
    const taskhash = sha256Hex(`${name} ${changed.includes(name)}`);
    return { taskhash: taskhash as TaskHash, depid: (depids[name] ?? taskhash) as DepId };
  };
}

/** What there is after a build elsewhere, and after a fresh directory was filled from it. */
async function restored() {
  const store = createMemoryStore();
  const world = { stampHash: "depid", store } as const;
  await simulateBuild(plan, createBuilder(), { ...world, hashesOf: hashes() });
  const { builder, summary } = await simulateBuild(plan, createBuilder(), { ...world, hashesOf: hashes() });
  return { world, store, builder, summary };
}
const tids = (...names: readonly string[]): Tid[] => names.map((name) => tidOf(name));

describe("a kept build directory", () => {
  it("has no stamp of do_install of what was restored: it is compiled again when only a task above is wanted anew", async () => {
    const { world, builder } = await restored();
    expect(listStamps(builder).filter(({ name }) => name.includes("do_install"))).toEqual([]);
    const again = await simulateBuild(plan, builder, { ...world, hashesOf: hashes(["a:do_package"]) });
    expect(again.summary.executed).toEqual(tids("a:do_compile", "a:do_install", "a:do_package"));
  });

  it("has no stamp of setscene tasks that were wanted and not needed: they are wanted again", async () => {
    const { world, builder, summary } = await restored();
    expect(summary.notNeeded).toEqual(tids("a:do_populate_sysroot"));
    const again = await simulateBuild(plan, builder, { ...world, hashesOf: hashes() });
    expect([again.summary.sstate.wanted, again.summary.sstate.current]).toEqual([1, 2]);
    expect(again.summary.restored).toEqual([]);
  });

  it("runs nothing that another builder has reported, as stamps are named by depid", async () => {
    const { world, builder } = await restored();
    const known = { "a:do_package": hashes()(tidOf("a:do_package")).depid as string };
    const again = await simulateBuild(plan, builder, { ...world, hashesOf: hashes(["a:do_package"], known) });
    expect([again.summary.executed, again.summary.restored]).toEqual([[], []]);
    const byTaskHash = { ...world, stampHash: "taskhash", hashesOf: hashes(["a:do_package"], known) } as const;
    expect((await simulateBuild(plan, builder, byTaskHash)).summary.restored).toEqual(tids("a:do_package"));
  });

  it("makes again, under the same depid, what the server knows and whose object was pruned", async () => {
    const { world, store } = await restored();
    const depid = sha256Hex("first reported elsewhere");
    const hashesOf = hashes(["a:do_package"], { "a:do_package": depid });
    await store.remove(await store.list());
    const build = await simulateBuild(plan, createBuilder(), { ...world, hashesOf });
    expect(build.summary.executed).toContain(tidOf("a:do_package"));
    expect(await store.list()).toContain(`${depid}_do_package`);
  });

  it("with the server's table lost, finds only objects that are named by their taskhash", async () => {
    const { world, store } = await restored();
    const depid = sha256Hex("first reported elsewhere");
    const known = hashes([], { "a:do_package": depid });
    await store.remove(["a:do_package"].map((name) => `${hashes()(tidOf(name)).depid}_do_package`));
    await simulateBuild(plan, createBuilder(), { ...world, hashesOf: known });
    expect(await store.list()).toContain(`${depid}_do_package`);
    const lost = await simulateBuild(plan, createBuilder(), { ...world, hashesOf: hashes() });
    expect(lost.summary.restored).toEqual(tids("b:do_deploy"));
    expect(lost.summary.executed).toContain(tidOf("a:do_package"));
  });
});
