import { sha256Hex, type Tid } from "@depid/hash";
import { createMemoryStore, type SstateStore } from "@depid/sstate";
import { TaskGraph } from "@depid/task-graph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BuilderState, createBuilder } from "./builder.ts";
import type { DepValid } from "./depvalid.ts";
import { simulateBuild } from "./simulate.ts";
import { digestsOf, hashesFrom, planOfAll, tasksOfDrawn } from "./testing/index.ts";
import type { BuildWorld } from "./world.ts";

const drawnTasks = fc.array(
  fc.record({
    recipe: fc.nat({ max: 3 }),
    setscene: fc.boolean(),
    noexec: fc.nat({ max: 9 }).map((n) => n === 0),
    deps: fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 16 },
);

/** Arbitrary, but always the same: which setscene tasks their users need. */
const depValid: DepValid = (task, users) => (task.tid.length + users.length) % 2 === 0;

/** What lies in a build directory: content by tid. */
type Held = Map<Tid, string>;

/** A build that really makes contents: a digest of the task's version and of the contents it finds below. */
async function buildContents(
  graph: TaskGraph,
  builder: BuilderState,
  held: Held,
  store: SstateStore,
  versionOf: (tid: Tid) => number,
  world: Pick<BuildWorld, "hashesOf" | "stampHash">,
): Promise<BuilderState> {
  const build = await simulateBuild(planOfAll(graph), builder, {
    ...world,
    store,
    depValid,
    contentOf: (task) => {
      const below = graph.dependenciesOf(task.tid).map((dependency) => held.get(dependency));
      const content = sha256Hex([task.tid, versionOf(task.tid), ...below].join(" "));
      held.set(task.tid, content);
      return content;
    },
    onRestored: (task, content) => held.set(task.tid, content),
  });
  return build.builder;
}

/** Builds at several versions of the metadata, with two builders in turn: the targets are always as a clean build's. */
function makesWhatACleanBuildMakes(
  hashesAt: (graph: TaskGraph, versionOf: (tid: Tid) => number) => Pick<BuildWorld, "hashesOf" | "stampHash">,
  spoil: (store: SstateStore) => SstateStore = (store) => store,
) {
  const versions = fc.array(fc.dictionary(fc.nat({ max: 15 }).map(String), fc.nat({ max: 2 })), {
    minLength: 2,
    maxLength: 5,
  });
  return fc.asyncProperty(drawnTasks, versions, async (drawn, history) => {
    // noexec tasks make nothing that could be compared.
    const graph = new TaskGraph(tasksOfDrawn(drawn.map((task) => ({ ...task, noexec: false }))));
    const store = spoil(createMemoryStore());
    const places = [0, 1].map(() => ({ builder: createBuilder(), held: new Map() as Held }));
    for (const [i, changed] of history.entries()) {
      const versionOf = (tid: Tid): number => changed[/\d+$/.exec(tid)?.[0] ?? ""] ?? 0;
      const place = places[i % 2] as (typeof places)[number];
      const world = hashesAt(graph, versionOf);
      place.builder = await buildContents(graph, place.builder, place.held, store, versionOf, world);
      const clean = digestsOf(graph, versionOf);
      for (const tid of graph.tids.filter((task) => graph.dependentsOf(task).length === 0)) {
        if (place.held.get(tid) !== clean.get(tid)) return false;
      }
    }
    return true;
  });
}

describe("what is built is what a clean build makes", () => {
  it.each(["taskhash", "depid"] as const)("when hashes tell all, stamps named by %s", async (stampHash) => {
    await fc.assert(
      makesWhatACleanBuildMakes((graph, versionOf) => ({
        hashesOf: hashesFrom(digestsOf(graph, versionOf)),
        stampHash,
      })),
      { numRuns: 200 },
    );
  });

  it("but not with Basic, whose stamps do not say what they were made from", async () => {
    const wrong = makesWhatACleanBuildMakes((graph, versionOf) => ({
      hashesOf: hashesFrom(digestsOf(graph, versionOf)),
      stampHash: "none",
    }));
    expect((await fc.check(wrong, { seed: 1, numRuns: 500 })).failed).toBe(true);
  });

  it("nor with a generator that leaves dependencies out", async () => {
    const wrong = makesWhatACleanBuildMakes((graph, versionOf) => {
      const digests = new Map(graph.tids.map((tid) => [tid, sha256Hex(`${tid} ${versionOf(tid)}`)] as const));
      return { hashesOf: hashesFrom(digests), stampHash: "depid" };
    });
    expect((await fc.check(wrong, { seed: 1, numRuns: 500 })).failed).toBe(true);
  });

  it("nor with a store that mixes objects up", async () => {
    const mixUp = (store: SstateStore): SstateStore => ({
      ...store,
      find: async (names) => {
        const all = await store.find(await store.list());
        return names.map(() => all[0]);
      },
    });
    const wrong = makesWhatACleanBuildMakes(
      (graph, versionOf) => ({ hashesOf: hashesFrom(digestsOf(graph, versionOf)), stampHash: "depid" }),
      mixUp,
    );
    expect((await fc.check(wrong, { seed: 1, numRuns: 500 })).failed).toBe(true);
  });
});
