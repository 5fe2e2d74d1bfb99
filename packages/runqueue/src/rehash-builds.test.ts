import { byCodePoint, type DepId, sha256Hex, type TaskHash, type Tid } from "@depid/hash";
import { computeSignatures, createEquivHash, createTaskCache } from "@depid/siggen";
import { createMemoryStore } from "@depid/sstate";
import { type Task, TaskGraph } from "@depid/task-graph";
import { basehashOf } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBuilder } from "./builder.ts";
import { type BuildEvent, formatEvent } from "./event.ts";
import { type SimulatedBuild, simulateBuild } from "./simulate.ts";
import { planOfAll, tasksOfDrawn } from "./testing/index.ts";

const drawnTasks = fc.array(
  fc.record({
    recipe: fc.nat({ max: 3 }),
    setscene: fc.boolean(),
    noexec: fc.constant(false),
    deps: fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 16 },
);

/** The state of the metadata: of each task how often it was changed neutrally, and how often with an effect. */
const states = fc.array(
  fc.record({
    neutral: fc.dictionary(fc.nat({ max: 15 }).map(String), fc.nat({ max: 2 })),
    effect: fc.dictionary(fc.nat({ max: 15 }).map(String), fc.nat({ max: 1 }), { maxKeys: 3 }),
  }),
  { minLength: 2, maxLength: 5 },
);
type State = { readonly neutral: Record<string, number>; readonly effect: Record<string, number> };

const setting = fc.record({ workers: fc.integer({ min: 1, max: 4 }), seed: fc.nat({ max: 1000 }) });
type Setting = { readonly workers: number; readonly seed: number };

/** The rule of the hash equivalence server, in a table. */
function createServer() {
  const depids = new Map<TaskHash, DepId>();
  const outputs = new Map<string, DepId>();
  return {
    find: (taskhash: TaskHash): DepId | undefined => depids.get(taskhash),
    declare(taskhash: TaskHash, depid: DepId): DepId {
      const applies = depids.get(taskhash) ?? depid;
      depids.set(taskhash, applies);
      return applies;
    },
    report(taskhash: TaskHash, output: string, depid: DepId): DepId {
      const applies = this.declare(taskhash, outputs.get(output) ?? depid);
      if (!outputs.has(output)) outputs.set(output, applies);
      return applies;
    },
  };
}

/** All that several builders share, and what they hold. */
function createSite(
  drawn: Parameters<typeof tasksOfDrawn>[0],
  builders: number,
  outputOf = (content: string | undefined): string => `${content}`,
) {
  const rows = tasksOfDrawn(drawn);
  const graph = new TaskGraph(rows);
  const server = createServer();
  const store = createMemoryStore();
  const places = Array.from({ length: builders }, () => ({ builder: createBuilder(), held: new Map<Tid, string>() }));
  const number = (tid: Tid): string => /\d+$/.exec(tid)?.[0] ?? "";
  let state: State = { neutral: {}, effect: {} };
  const change = (next: State): void => {
    state = next;
    const metadata = ({ tid }: Task) => basehashOf(`${tid} ${next.neutral[number(tid)]} ${next.effect[number(tid)]}`);
    graph.apply({ upsert: rows.map((task) => ({ ...task, basehash: metadata(task) })), remove: [] });
  };
  const makeFrom = (tid: Tid, below: (tid: Tid) => string | undefined): string =>
    sha256Hex([tid, state.effect[number(tid)], ...graph.dependenciesOf(tid).map(below)].join(" "));
  const clean = (): ReadonlyMap<Tid, string> => {
    const made = new Map<Tid, string>();
    for (const tid of graph.generations.flat()) {
      made.set(
        tid,
        makeFrom(tid, (dependency) => made.get(dependency)),
      );
    }
    return made;
  };
  async function build(index: number, { workers, seed }: Setting): Promise<SimulatedBuild> {
    const place = places[index] as (typeof places)[number];
    const cache = createTaskCache(place.builder.depids);
    const source = {
      getDepIds: async (queries: readonly { readonly taskhash: TaskHash }[]) =>
        queries.map(({ taskhash }) => server.find(taskhash)),
    };
    const generator = createEquivHash({ source, method: "m", cache });
    const signatures = await computeSignatures(graph, generator);
    const built = await simulateBuild(planOfAll(graph), place.builder, {
      hashesOf: (tid) => signatures.get(tid),
      stampHash: "depid",
      workers,
      store,
      generator,
      cache,
      answers: "adopt",
      objectName: (task, depid) => `${task.pn}_${task.task}_${depid}`,
      depValid: () => false,
      durationOf: (task, variant) => Number.parseInt(sha256Hex(`${seed} ${task.tid} ${variant}`).slice(0, 3), 16),
      reporter: {
        report: (reports) =>
          reports.map(({ task, taskhash, depid }) =>
            server.report(taskhash, `${task.pn}:${task.task} ${outputOf(place.held.get(task.tid))}`, depid),
          ),
      },
      equivalences: { declare: (rows) => rows.map(({ taskhash, depid }) => server.declare(taskhash, depid)) },
      contentOf: (task) => {
        const content = makeFrom(task.tid, (dependency) => place.held.get(dependency));
        place.held.set(task.tid, content);
        return content;
      },
      onRestored: (task, content) => place.held.set(task.tid, content),
    });
    place.builder = built.builder;
    return built;
  }
  const wrong = (index: number): readonly Tid[] => {
    const truth = clean();
    const targets = graph.tids.filter((tid) => graph.dependentsOf(tid).length === 0);
    return targets.filter((tid) => places[index]?.held.get(tid) !== truth.get(tid));
  };
  return { graph, change, build, wrong };
}

function saysSo({ events }: SimulatedBuild): boolean {
  return events.some(({ type }) => type === "unsound");
}

describe("with rehash in mid-build", () => {
  it("nothing stale is left where the log does not say that something unsound was done", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, states, setting, async (drawn, history, how) => {
        const site = createSite(drawn, 2);
        for (const [i, state] of history.entries()) {
          site.change(state);
          const built = await site.build(i % 2, how);
          if (saysSo(built) || built.state.migration.isImpossible) return;
          expect(built.summary.state).toBe("COMPLETE");
          expect(site.wrong(i % 2)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("something stale is left with an output hash that leaves the output out, though the log may say so", async () => {
    const wrong = fc.asyncProperty(drawnTasks, states, setting, async (drawn, history, how) => {
      const site = createSite(drawn, 1, () => "whatever came out");
      for (const state of history) {
        site.change(state);
        await site.build(0, how);
        if (site.wrong(0).length > 0) return false;
      }
      return true;
    });
    expect((await fc.check(wrong, { seed: 1, numRuns: 500 })).failed).toBe(true);
  });

  it("a second build finds nothing to do", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, states, setting, async (drawn, history, how) => {
        const site = createSite(drawn, 1);
        for (const state of history) {
          site.change(state);
          const built = await site.build(0, how);
          if (saysSo(built) || built.state.migration.isImpossible) return;
          const again = await site.build(0, how);
          expect([again.summary.executed, again.summary.restored]).toEqual([[], []]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("the same inputs give the same log, however often", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, states, setting, async (drawn, history, how) => {
        const once = async () => {
          const site = createSite(drawn, 1);
          const log: BuildEvent[] = [];
          for (const state of history) {
            site.change(state);
            log.push(...(await site.build(0, how)).events);
          }
          return log.map(formatEvent);
        };
        expect(await once()).toEqual(await once());
      }),
      { numRuns: 50 },
    );
  });

  it("what is executed after a change lies above or below what changed, whatever tasks take", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, states, setting, async (drawn, history, how) => {
        const site = createSite(drawn, 1);
        const [first, second] = history as [State, State];
        site.change(first);
        await site.build(0, how);
        const before = new Map(site.graph.tasks.map((task) => [task.tid, task.basehash]));
        site.change(second);
        const changed = site.graph.tasks.filter((task) => before.get(task.tid) !== task.basehash).map(({ tid }) => tid);
        const built = await site.build(0, how);
        // Stamps of all others are there: only the cone of the change can be executed.
        const cone = new Set(site.graph.hashConeOf(changed));
        const outside = built.summary.executed.filter((tid) => !cone.has(tid));
        expect(outside.sort(byCodePoint)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
