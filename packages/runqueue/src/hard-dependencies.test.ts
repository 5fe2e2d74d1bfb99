import { createMemoryStore } from "@depid/sstate";
import { sketchGraph, tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { createBuilder } from "./builder.ts";
import { compileBuild } from "./plan.ts";
import { NEWEST_RELEASE, rulesOfRelease } from "./release.ts";
import { simulateBuild } from "./simulate.ts";
import { hashesOf } from "./testing/index.ts";

/** a:do_install is used by b:do_package alone, and c:do_package depends on it hard. */
const graph = sketchGraph({
  "a:do_install": { setscene: true },
  "b:do_package": { deps: ["a:do_install"], setscene: true },
  "c:do_package": { setscene: true, harddeps: [tidOf("a:do_install")] },
  "d:do_build": { deps: ["b:do_package", "c:do_package"] },
});

/** A fresh directory, in which nothing is needed for another's sake. */
async function restoredWith(release = NEWEST_RELEASE, lost: readonly string[] = []) {
  const plan = compileBuild(graph, { targets: [tidOf("d:do_build")], release });
  const store = createMemoryStore();
  const world = { hashesOf, stampHash: "depid", store, depValid: () => true } as const;
  await simulateBuild(plan, createBuilder(), world);
  await store.remove(lost.map((name) => `${hashesOf(tidOf(name)).depid}_${name.split(":")[1]}`));
  const { summary, events } = await simulateBuild(plan, createBuilder(), world);
  return { restored: summary.restored, events };
}
const tids = (...names: readonly string[]) => names.map((name) => tidOf(name));

describe("a hard dependency", () => {
  it("is restored before its dependent, though its own users do not need it", async () => {
    const { restored } = await restoredWith();
    expect(restored).toEqual(tids("b:do_package", "a:do_install", "c:do_package"));
  });
  it("before 2.8 has no users, so that it does not wait for them", async () => {
    const { restored } = await restoredWith(rulesOfRelease("2.6"));
    expect(restored).toEqual(tids("a:do_install", "b:do_package", "c:do_package"));
  });
  it.each(["2.6", "2.19"])("without an object rules its dependent out (%s)", async (version) => {
    const { restored, events } = await restoredWith(rulesOfRelease(version), ["a:do_install"]);
    expect(restored).toEqual(tids("b:do_package"));
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "setscene-notcovered",
        tid: tidOf("c:do_package"),
        why: "hard-dependency-failed",
      }),
    );
  });
});
