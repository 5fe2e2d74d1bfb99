import { sha256Hex } from "@depid/hash";
import { createTableService } from "@depid/replay/testing";
import { type BuildPlan, compileBuild, createBuilder, simulateBuild } from "@depid/runqueue";
import { computeSignatures, createBasicHash, createEquivHash, createTaskCache, type Signatures } from "@depid/siggen";
import { createMemoryStore } from "@depid/sstate";
import { type History, type Task, TaskGraph } from "@depid/task-graph";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { compare } from "./measure.ts";

/**
 * One build with everything to do, and one in which a recipe at the bottom proves equivalent, against a walk over the graph that
 * visits each task and each dependency once: what no scheduler can do without.
 */
export async function benchRunqueue(name: string, tasks: readonly Task[]): Promise<void> {
  const graph = new TaskGraph(tasks);
  const targets = findTargets(graph);
  const plan = compileBuild(graph, { targets });
  const signatures = await computeSignatures(graph, createBasicHash());
  const equivalent = await prepareEquivalence(graph);
  const edges = graph.tasks.reduce((sum, task) => sum + task.execdeps.length, 0);
  await compare(
    `${name}: ${graph.size} tasks, ${edges} dependencies`,
    [
      { name: "baseline: visit every task and dependency in order", run: () => visit(graph) },
      { name: "compile the plan of a build", run: () => compileBuild(graph, { targets }) },
      { name: "build with everything to do", run: () => buildAll(plan, signatures) },
      { name: "build in which the bottom proves equivalent", run: () => equivalent() },
    ],
    { milliseconds: 1, runs: 5 },
  );
}

/** The tasks of a history's first step. */
export function firstTasks(history: History): readonly Task[] {
  return history.steps[0]?.change.upsert ?? [];
}

/** Recipes of five tasks, each of which uses three recipes before it. */
export function synthesizeTasks(count: number): readonly Task[] {
  const recipes = Math.ceil(count / 5);
  return Array.from({ length: recipes }, (_, i) => {
    const uses = i === 0 ? [] : [...new Set([i >> 1, i - 1, (i * 7) % i])];
    const sysroots = uses.map((use) => `r${use}:do_populate_sysroot`);
    return [
      sketchTask(`r${i}:do_fetch`),
      sketchTask(`r${i}:do_configure`, { deps: [`r${i}:do_fetch`, ...sysroots] }),
      sketchTask(`r${i}:do_compile`, { deps: [`r${i}:do_configure`] }),
      sketchTask(`r${i}:do_populate_sysroot`, { deps: [`r${i}:do_compile`], setscene: true }),
      sketchTask(`r${i}:do_package`, { deps: [`r${i}:do_compile`], setscene: true }),
    ];
  }).flat();
}

function buildAll(plan: BuildPlan, signatures: Signatures): Promise<unknown> {
  return simulateBuild(plan, createBuilder(), {
    hashesOf: (tid) => signatures.get(tid),
    stampHash: "depid",
    workers: 4,
    store: createMemoryStore(),
  });
}

/** Everything was built and reported; then the task that most others stand above changes, neutrally, in each build anew. */
async function prepareEquivalence(graph: TaskGraph): Promise<() => Promise<unknown>> {
  const bottom = findBottom(graph);
  const service = createTableService();
  const store = createMemoryStore();
  let run = 0;
  const build = async () => {
    graph.apply({ upsert: [{ ...graph.get(bottom.tid), basehash: basehashOf(`${run++}`) }], remove: [] });
    const cache = createTaskCache();
    const generator = createEquivHash({ source: service, method: "bench", cache });
    const signatures = await computeSignatures(graph, generator);
    return simulateBuild(compileBuild(graph, { targets: findTargets(graph) }), createBuilder(), {
      hashesOf: (tid) => signatures.get(tid),
      stampHash: "depid",
      workers: 4,
      store,
      generator,
      cache,
      answers: "adopt",
      reporter: {
        report: (reports) =>
          service.reportAll(
            reports.map(({ task, taskhash, depid }) => ({
              method: "bench",
              taskhash,
              depid,
              outhash: sha256Hex(task.tid) as never,
            })),
          ),
      },
    });
  };
  await build();
  return build;
}

/** Of the tasks that depend on nothing, one with most dependents of dependents. */
function findBottom(graph: TaskGraph): Task {
  const free = graph.tasks.filter((task) => task.execdeps.length === 0);
  const above = (task: Task) => graph.hashConeOf([task.tid]).length;
  return free.slice(0, 50).reduce((best, task) => (above(task) > above(best) ? task : best));
}

function findTargets(graph: TaskGraph) {
  const below = new Set(graph.tasks.flatMap((task) => task.execdeps));
  return graph.tids.filter((tid) => !below.has(tid));
}

function visit(graph: TaskGraph): number {
  let visited = 0;
  for (const generation of graph.generations) {
    for (const tid of generation) visited += 1 + graph.get(tid).execdeps.length;
  }
  return visited;
}
