import { byCodePoint, splitTid, type Tid } from "@depid/hash";
import type { Task, TaskGraph } from "@depid/task-graph";
import { type Adjacency, degreeOf, type HashPlan, invertAdjacency, orderNodes, sameList } from "@depid/task-graph";
import type { SharedDirectories } from "./builder.ts";
import { PlanError } from "./errors.ts";
import { indexHardDependencies, invertHardDependencies } from "./hard-dependencies.ts";
import { compileHashEdges, type HashEdges } from "./hash-edges.ts";
import { once } from "./once.ts";
import { NEWEST_RELEASE, type ReleaseRules } from "./release.ts";
import { rankTasks, type Scheduler } from "./scheduler.ts";
import { numberStamps, type StampNumbers } from "./stamp-numbers.ts";
import { TidPlaces } from "./tid-places.ts";
import { Weights } from "./weights.ts";

/** What a build is asked to do, as far as it shapes the graph. */
export interface PlanOptions {
  /** What was asked for. With `--runonly` and `--runall`, targets need not be among the active tasks. Default: the tasks that nothing depends on. */
  readonly targets?: Iterable<Tid>;
  /** The tasks of this build, as from `findActiveTasks`. Default: the whole graph. */
  readonly active?: ReadonlySet<Tid>;
  /** `--no-setscene`: nothing is restored, nothing covered. */
  readonly noSetscene?: boolean;
  /** Default: the newest. */
  readonly release?: ReleaseRules;
  /** Default: each multiconfig has a TMPDIR of its own. */
  readonly sharedDirectories?: SharedDirectories;
  /** Default: speed. */
  readonly scheduler?: Scheduler;
  /** All active tasks, best first, in place of the scheduler's order. */
  readonly priority?: readonly Tid[];
  /** All setscene tasks in the order in which they are looked at, round and round. Default: by code point. */
  readonly setsceneOrder?: readonly Tid[];
}

/**
 * A build's graph, compiled once: tasks are integers, by code point of their tids, so that ascending order is BitBake's
 * sorted order. Flags are 0 or 1 per task. Holds no hashes, so that builds of one capture share it, whatever the policy. It
 * keeps the tasks as they were: after a change of the capture, compile anew.
 */
export interface BuildPlan {
  readonly size: number;
  readonly tids: readonly Tid[];
  readonly tasks: readonly Task[];
  readonly indices: Pick<ReadonlyMap<Tid, number>, "get">;
  readonly release: ReleaseRules;
  /** Between active tasks; neighbours in ascending order. */
  readonly dependencies: Adjacency;
  readonly dependents: Adjacency;
  /** Tasks, each after all that depend on it. */
  readonly topDown: Int32Array;
  /** Targets as indices, for those that are active. */
  readonly isTarget: Uint8Array;
  readonly setscene: Uint8Array;
  readonly setsceneTids: Pick<ReadonlySet<Tid>, "has" | "size">;
  readonly setsceneCount: number;
  /** Target tasks that are not setscene tasks (runqueue.md section 6). */
  readonly cantSkip: Uint8Array;
  readonly unskippable: Uint8Array;
  /** Setscene task -> setscene tasks that must be decided before it runs. Ascending. */
  readonly hardDependencies: ReadonlyMap<number, readonly number[]>;
  readonly hardDependents: ReadonlyMap<number, readonly number[]>;
  /** For each task, how many of its dependents are undecided setscene tasks or lead up to one, as long as none is decided. */
  readonly undecidedAbove: Int32Array;
  readonly weights: Weights;
  readonly scheduler: Scheduler;
  /** Tasks, best first, and each task's place among them. */
  readonly priority: Int32Array;
  readonly rank: Int32Array;
  /** Setscene tasks in the order in which they are looked at, and each one's place (-1 for other tasks). */
  readonly setsceneOrder: Int32Array;
  readonly setscenePlace: Int32Array;
  /** Number of the recipe file, whatever the configuration. */
  readonly recipe: Int32Array;
  /** Configurations in sorted order, and each task's. */
  readonly configs: readonly string[];
  readonly config: Int32Array;
  readonly sharedDirectories: SharedDirectories | undefined;
  /** Made when they are first asked for. */
  readonly stamps: () => StampNumbers;
  /** Made when they are first asked for. @throws {PlanError} when a task hashes one that is not in the build */
  readonly hashEdges: () => HashEdges;
  /** nostamp tasks, ascending. */
  readonly nostamp: readonly number[];
}

/**
 * Compiles the graph of a build (runqueue.md sections 2 and 6). Costs in proportion to tasks and dependencies, of which it touches no text: the graph has
 * them by slot.
 *
 * @throws {PlanError} when a given order is not one of the build's tasks
 * @throws {HardDependencyError}
 */
export function compileBuild(graph: TaskGraph, options: PlanOptions): BuildPlan {
  const { active, scheduler = "speed", release = NEWEST_RELEASE, sharedDirectories } = options;
  const { tasks: rows, slots, execDeps, recipe, configs: allConfigs, config } = graph.hashPlan;
  const { order, places } = select(graph.hashPlan, active);
  const tasks = Array.from(order, (slot) => rows[slot] as Task);
  const tids = active === undefined ? graph.tids : tasks.map(({ tid }) => tid);
  const indices = new TidPlaces(slots, places);
  const size = tids.length;
  const dependencies = packPlaces(order, places, execDeps);
  const dependents = invertAdjacency(dependencies);
  const topDown = orderNodes(dependents, dependencies);
  const setscene = new Uint8Array(size);
  const setsceneTasks: number[] = [];
  const nostamp: number[] = [];
  for (let i = 0; i < size; i++) {
    const task = tasks[i] as Task;
    if (task.nostamp) nostamp.push(i);
    if (!task.setscene || options.noSetscene === true) continue;
    setscene[i] = 1;
    setsceneTasks.push(i);
  }
  const isTarget = new Uint8Array(size);
  if (options.targets === undefined)
    for (let task = 0; task < size; task++) isTarget[task] = degreeOf(dependents, task) === 0 ? 1 : 0;
  else for (const index of indicesOf(options.targets, indices)) isTarget[index] = 1;
  const cantSkip = isTarget.map((flag, i) => (flag === 1 && setscene[i] === 0 ? 1 : 0));
  const weights = Weights.of(topDown, dependencies, dependents);
  const priority = options.priority
    ? orderOf("priority", options.priority, indices, size)
    : Int32Array.from(rankTasks(scheduler, weights, () => tids.map((tid) => splitTid(tid))));
  const setsceneOrder = options.setsceneOrder
    ? orderOf("setscene order", options.setsceneOrder, indices, setsceneTasks.length, setscene)
    : Int32Array.from(setsceneTasks);
  const present = new Set<number>();
  for (const slot of order) present.add(config[slot] as number);
  const configs = [...present].map((number) => allConfigs[number] as string).sort(byCodePoint);
  const configPlaces = allConfigs.map((name) => configs.indexOf(name));
  const hard = indexHardDependencies(graph, tasks, indices, setscene);
  return {
    size,
    tids,
    tasks,
    indices,
    release,
    dependencies,
    dependents,
    topDown,
    isTarget,
    setscene,
    setsceneTids: { size: setsceneTasks.length, has: (tid) => setscene[indices.get(tid) ?? -1] === 1 },
    setsceneCount: setsceneTasks.length,
    cantSkip,
    unskippable: findUnskippable(topDown, dependencies, dependents, setscene, cantSkip),
    hardDependencies: hard,
    hardDependents: invertHardDependencies(hard),
    undecidedAbove: countUndecidedAbove(topDown, dependencies, setscene),
    weights,
    scheduler,
    priority,
    rank: invertOrder(priority, size),
    setsceneOrder,
    setscenePlace: invertOrder(setsceneOrder, size),
    recipe: order.map((slot) => recipe[slot] as number),
    configs,
    config: order.map((slot) => configPlaces[config[slot] as number] as number),
    sharedDirectories,
    stamps: once(() => numberStamps(tasks, sharedDirectories)),
    hashEdges: once(() => compileHashEdges({ tasks, indices, size })),
    nostamp,
  };
}

/**
 * The plan after a change of the capture that leaves its shape as it is: the same tasks, which depend on each other, are restored and stamped as
 * before. Costs in proportion to the change, but for one copy of the list of tasks.
 *
 * @param rows the rows that replace those of the same tids
 * @returns `undefined` when the change has another shape: then compile anew
 */
export function replaceTasks(plan: BuildPlan, rows: Iterable<Task>): BuildPlan | undefined {
  const { size, indices } = plan;
  const tasks = [...plan.tasks];
  let hashEdges = plan.hashEdges;
  for (const row of rows) {
    const index = indices.get(row.tid);
    const before = index === undefined ? undefined : tasks[index];
    if (index === undefined || before === undefined || !isShapedAlike(before, row)) return undefined;
    if (!sameList(before.hashdeps, row.hashdeps)) hashEdges = once(() => compileHashEdges({ tasks, indices, size }));
    tasks[index] = row;
  }
  return { ...plan, tasks, hashEdges };
}

/** Whether nothing but what is hashed, noexec and the version differ. */
function isShapedAlike(a: Task, b: Task): boolean {
  return (
    a.pn === b.pn &&
    a.task === b.task &&
    a.setscene === b.setscene &&
    a.nostamp === b.nostamp &&
    a.stamp === b.stamp &&
    a.stampExtra === b.stampExtra &&
    sameList(a.execdeps, b.execdeps) &&
    sameList(a.harddeps, b.harddeps)
  );
}

/** The index of a task. @throws {PlanError} when it is not in the build */
export function getIndex(plan: BuildPlan, tid: Tid): number {
  const index = plan.indices.get(tid);
  if (index === undefined) throw new PlanError(`no task ${tid} in this build`);
  return index;
}

/** The slots of a build's tasks by code point of their tids, and the place of each slot; -1 for those which are not in it. */
function select(
  { order, places, tasks }: HashPlan,
  active: ReadonlySet<Tid> | undefined,
): Pick<HashPlan, "order" | "places"> {
  if (active === undefined) return { order, places };
  const chosen = order.filter((slot) => active.has((tasks[slot] as Task).tid));
  return { order: chosen, places: invertOrder(chosen, places.length) };
}

/** Neighbours by place from those by slot, but for those without a place. */
function packPlaces(order: Int32Array, places: Int32Array, neighbours: readonly (readonly number[])[]): Adjacency {
  const start = new Int32Array(order.length + 1);
  let most = 0;
  for (const slot of order) most += (neighbours[slot] as readonly number[]).length;
  const list = new Int32Array(most);
  let end = 0;
  for (let i = 0; i < order.length; i++) {
    for (const slot of neighbours[order[i] as number] as readonly number[]) {
      const place = places[slot] as number;
      if (place >= 0) list[end++] = place;
    }
    start[i + 1] = end;
  }
  return { start, list: list.subarray(0, end) };
}

/** Ascending and without repetition; tids which are not active are left out. */
function indicesOf(tids: Iterable<Tid>, indices: BuildPlan["indices"]): number[] {
  const found = new Set<number>();
  for (const tid of tids) {
    const index = indices.get(tid);
    if (index !== undefined) found.add(index);
  }
  return [...found].sort((a, b) => a - b);
}

function orderOf(
  what: string,
  tids: readonly Tid[],
  indices: BuildPlan["indices"],
  size: number,
  member?: Uint8Array,
): Int32Array {
  const order = indicesOf(tids, indices).filter((i) => member === undefined || member[i] === 1);
  if (order.length !== size || tids.length !== size) {
    throw new PlanError(`${what}: expected each of ${size} tasks once, found ${tids.length} tids, ${order.length} fit`);
  }
  return Int32Array.from(tids, (tid) => indices.get(tid) as number);
}

function invertOrder(order: Int32Array, size: number): Int32Array {
  const place = new Int32Array(size).fill(-1);
  for (let i = 0; i < order.length; i++) place[order[i] as number] = i;
  return place;
}

/** Ends at the first setscene tasks met from above (runqueue.md section 6). */
function findUnskippable(
  topDown: Int32Array,
  dependencies: Adjacency,
  dependents: Adjacency,
  setscene: Uint8Array,
  cantSkip: Uint8Array,
): Uint8Array {
  const unskippable = Uint8Array.from(cantSkip);
  for (const task of topDown) {
    if (degreeOf(dependents, task) === 0) unskippable[task] = 1;
    if (unskippable[task] === 0 || setscene[task] === 1) continue;
    const end = dependencies.start[task + 1] as number;
    for (let k = dependencies.start[task] as number; k < end; k++) unskippable[dependencies.list[k] as number] = 1;
  }
  return unskippable;
}

function countUndecidedAbove(topDown: Int32Array, dependencies: Adjacency, setscene: Uint8Array): Int32Array {
  const counts = new Int32Array(setscene.length);
  for (const task of topDown) {
    if (setscene[task] === 0 && counts[task] === 0) continue;
    const end = dependencies.start[task + 1] as number;
    for (let k = dependencies.start[task] as number; k < end; k++) {
      const dependency = dependencies.list[k] as number;
      counts[dependency] = (counts[dependency] as number) + 1;
    }
  }
  return counts;
}
