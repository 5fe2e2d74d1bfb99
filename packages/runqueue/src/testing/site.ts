import { type DepId, sha256Hex, type TaskHash, type Tid } from "@depid/hash";
import { computeSignatures, createEquivHash, createTaskCache } from "@depid/siggen";
import { createMemoryStore } from "@depid/sstate";
import { type Task, TaskGraph } from "@depid/task-graph";
import { basehashOf } from "@depid/task-graph/testing";
import fc from "fast-check";
import { createBuilder } from "../builder.ts";
import { type SimulatedBuild, simulateBuild } from "../simulate.ts";
import type { EarlierDepIds } from "../state/unseen-state.ts";
import type { BuildWorld } from "../world.ts";
import { type DrawnTask, planOfAll, tasksOfDrawn } from "./index.ts";

/** Tasks of random graphs, every one of which may be a setscene task. */
export const drawnTasks = fc.array(
  fc.record({
    recipe: fc.nat({ max: 3 }),
    setscene: fc.boolean(),
    noexec: fc.constant(false),
    deps: fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 16 },
);

/** The state of the metadata: of each task how often it was changed neutrally, and how often with an effect. */
export const states = fc.array(
  fc.record({
    neutral: fc.dictionary(fc.nat({ max: 15 }).map(String), fc.nat({ max: 2 })),
    effect: fc.dictionary(fc.nat({ max: 15 }).map(String), fc.nat({ max: 1 }), { maxKeys: 3 }),
  }),
  { minLength: 2, maxLength: 5 },
);
export type State = { readonly neutral: Record<string, number>; readonly effect: Record<string, number> };

export const setting = fc.record({ workers: fc.integer({ min: 1, max: 4 }), seed: fc.nat({ max: 1000 }) });
export type Setting = { readonly workers: number; readonly seed: number };

/** The rule of the hash equivalence server, in a table. */
function createServer() {
  const depids = new Map<TaskHash, DepId>();
  const outputs = new Map<string, DepId>();
  return {
    depids,
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

/** How a site differs from what is usual. */
export interface SiteOptions {
  /** What the server is told of an output. Default: that it is this one, of this task. */
  readonly outputOf?: (task: Task, content: string | undefined) => string;
  /** What a task's metadata begins with. Default: its tid, so that no two tasks have the same. */
  readonly metadataOf?: (tid: Tid) => string;
  /** Keeps the depids of earlier builds, so that unseen hashes stay so. */
  readonly earlierDepIds?: EarlierDepIds;
  readonly rules?: Partial<BuildWorld>;
}

/** All that several builders share, and what they hold. */
export function createSite(drawn: readonly DrawnTask[], builders: number, options: SiteOptions = {}) {
  const { outputOf = ({ pn, task }, content) => `${pn}:${task} ${content}`, metadataOf = String, rules } = options;
  const rows = tasksOfDrawn(drawn);
  const graph = new TaskGraph(rows);
  const server = createServer();
  const asked: TaskHash[] = [];
  const store = createMemoryStore();
  const places = Array.from({ length: builders }, () => ({ builder: createBuilder(), held: new Map<Tid, string>() }));
  const number = (tid: Tid): string => /\d+$/.exec(tid)?.[0] ?? "";
  let state: State = { neutral: {}, effect: {} };
  const change = (next: State): void => {
    state = next;
    const metadata = ({ tid }: Task) =>
      basehashOf(`${metadataOf(tid)} ${next.neutral[number(tid)]} ${next.effect[number(tid)]}`);
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
      getDepIds: async (queries: readonly { readonly taskhash: TaskHash }[]) => {
        asked.push(...queries.map(({ taskhash }) => taskhash));
        return queries.map(({ taskhash }) => server.find(taskhash));
      },
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
            server.report(taskhash, outputOf(task, place.held.get(task.tid)), depid),
          ),
      },
      equivalences: { declare: (rows) => rows.map(({ taskhash, depid }) => server.declare(taskhash, depid)) },
      contentOf: (task) => {
        const content = makeFrom(task.tid, (dependency) => place.held.get(dependency));
        place.held.set(task.tid, content);
        return content;
      },
      onRestored: (task, content) => place.held.set(task.tid, content),
      ...(options.earlierDepIds === undefined ? {} : { earlierDepIds: options.earlierDepIds }),
      ...rules,
    });
    place.builder = built.builder;
    return built;
  }
  const wrong = (index: number): readonly Tid[] => {
    const truth = clean();
    const targets = graph.tids.filter((tid) => graph.dependentsOf(tid).length === 0);
    return targets.filter((tid) => places[index]?.held.get(tid) !== truth.get(tid));
  };
  return { graph, change, build, wrong, places, server, store, asked };
}
