import { byCodePoint, type Tid } from "@depid/hash";
import { DirectedGraph } from "graphology";
import { topologicalGenerations } from "graphology-dag";
import { type CaptureChange, invertChange, sameList } from "./change.ts";
import { findCycle } from "./cycle.ts";
import { ChangeError, CycleError, UnknownTaskError } from "./errors.ts";
import { createHashPlan, type HashPlan, type OwnedHashPlan } from "./hash-plan.ts";
import type { Task } from "./task.ts";

/** What a dependency is for. An edge may be both. */
export interface DependencyAttributes {
  /** The dependency's depid enters the dependent's taskhash. */
  readonly hash: boolean;
  /** The dependency must be complete before the dependent runs. */
  readonly exec: boolean;
}

/** Which dependencies are meant: those that are hashed, those that must run first, or both together. */
export type DependencyKind = "hash" | "exec" | "any";

type Dag = DirectedGraph<{ task: Task }, DependencyAttributes>;

/**
 * The tasks of one capture as a directed acyclic graph. An edge runs from a dependency to its dependent, the way work flows;
 * callers ask `dependenciesOf` and `dependentsOf` and need not know.
 */
export class TaskGraph {
  readonly #dag: Dag = new DirectedGraph();
  #tids: readonly Tid[] | undefined;
  #generations: readonly (readonly Tid[])[] = [];
  /** Whether the edges are others than those that the generations were found by. */
  #isReshaped = false;
  #hashPlan: OwnedHashPlan | undefined;
  #setsceneCount = 0;

  /**
   * @throws {ChangeError} when a tid occurs twice
   * @throws {UnknownTaskError} when a dependency is not among the tasks
   * @throws {CycleError} when tasks depend on each other
   */
  constructor(tasks: Iterable<Task>) {
    const sorted = [...tasks].sort((a, b) => byCodePoint(a.tid, b.tid));
    for (const task of sorted) {
      if (this.#dag.hasNode(task.tid)) throw new ChangeError(`task ${task.tid} is listed twice`);
      this.#dag.addNode(task.tid, { task });
      if (task.setscene) this.#setsceneCount += 1;
    }
    for (const task of sorted) this.#connect(task);
    this.#findGenerations(this.tids);
  }

  /** How many tasks there are. */
  get size(): number {
    return this.#dag.order;
  }

  /** Whether any task can be restored from sstate. */
  get hasSetscene(): boolean {
    return this.#setsceneCount > 0;
  }

  /** All tids, by code point. */
  get tids(): readonly Tid[] {
    this.#tids ??= (this.#dag.nodes() as Tid[]).sort(byCodePoint);
    return this.#tids;
  }

  /** All tasks, by code point of their tids. */
  get tasks(): readonly Task[] {
    return this.tids.map((tid) => this.get(tid));
  }

  has(tid: Tid): boolean {
    return this.#dag.hasNode(tid);
  }

  find(tid: Tid): Task | undefined {
    return this.#dag.hasNode(tid) ? this.#dag.getNodeAttribute(tid, "task") : undefined;
  }

  /** @throws {UnknownTaskError} */
  get(tid: Tid): Task {
    const task = this.find(tid);
    if (task === undefined) throw new UnknownTaskError(tid, "it was asked for");
    return task;
  }

  /** Tasks that this one depends on, by code point: by default those that must be complete before it runs. */
  dependenciesOf(tid: Tid, kind: DependencyKind = "exec"): Tid[] {
    const found: Tid[] = [];
    this.#dag.forEachInEdge(tid, (_edge, attributes, source) => {
      if (kind === "any" || attributes[kind]) found.push(source as Tid);
    });
    return found.sort(byCodePoint);
  }

  /** Tasks that depend on this one, by code point: by default those that wait for it. */
  dependentsOf(tid: Tid, kind: DependencyKind = "exec"): Tid[] {
    const found: Tid[] = [];
    this.#dag.forEachOutEdge(tid, (_edge, attributes, _source, target) => {
      if (kind === "any" || attributes[kind]) found.push(target as Tid);
    });
    return found.sort(byCodePoint);
  }

  /**
   * Tasks in topological generations over all dependencies: each depends only on tasks of earlier ones. What a generation
   * looks up can travel as one batch (design: generations).
   */
  get generations(): readonly (readonly Tid[])[] {
    return this.#generations;
  }

  /** The same, with dependencies as positions: made once per structure. */
  get hashPlan(): HashPlan {
    this.#hashPlan ??= createHashPlan(this.generations, (tid) => this.get(tid));
    return this.#hashPlan;
  }

  /** The tasks whose hash may change when these tasks do: themselves and whatever hashes them, in the order of hashing. */
  hashConeOf(seeds: Iterable<Tid>): Tid[] {
    const { tasks, positions, dependents } = this.hashPlan;
    const cone = new Set<number>();
    for (const tid of seeds) {
      const position = positions.get(tid);
      if (position === undefined) throw new UnknownTaskError(tid, "its cone was asked for");
      cone.add(position);
    }
    for (const position of cone) {
      const end = dependents.start[position + 1] as number;
      for (let i = dependents.start[position] as number; i < end; i++) cone.add(dependents.list[i] as number);
    }
    return [...cone].sort((a, b) => a - b).map((position) => (tasks[position] as Task).tid);
  }

  /**
   * Turns this capture into the next and says how to turn back. If it throws, the capture is as before.
   *
   * @throws {ChangeError} when a removed task does not exist, or is upserted too
   * @throws {UnknownTaskError} when a dependency is missing afterwards
   * @throws {CycleError}
   */
  apply(change: CaptureChange): CaptureChange {
    const inverse = invertChange(this, change);
    this.#put(change);
    try {
      this.#check(change);
    } catch (error) {
      this.#put(inverse);
      throw error;
    }
    return inverse;
  }

  #put({ upsert, remove }: CaptureChange): void {
    for (const tid of remove) {
      if (this.get(tid).setscene) this.#setsceneCount -= 1;
      this.#dag.dropNode(tid);
    }
    const connect: Task[] = [];
    for (const task of upsert) {
      const old = this.find(task.tid);
      this.#setsceneCount += Number(task.setscene) - Number(old?.setscene ?? false);
      if (old === undefined) this.#dag.addNode(task.tid, { task });
      else this.#dag.setNodeAttribute(task.tid, "task", task);
      if (old === undefined || !sameList(old.hashdeps, task.hashdeps) || !sameList(old.execdeps, task.execdeps)) {
        connect.push(task);
      }
    }
    for (const task of connect) {
      for (const edge of this.#dag.inEdges(task.tid)) this.#dag.dropEdge(edge);
    }
    for (const task of connect) this.#connect(task, true);
    if (remove.length > 0 || connect.length > 0) {
      this.#tids = undefined;
      this.#isReshaped = true;
      this.#hashPlan = undefined;
    } else if (this.#hashPlan !== undefined) {
      for (const task of upsert) this.#hashPlan.tasks[this.#hashPlan.positions.get(task.tid) as number] = task;
    }
  }

  #check({ upsert }: CaptureChange): void {
    for (const { tid, hashdeps, execdeps } of upsert) {
      for (const dependency of [...hashdeps, ...execdeps]) {
        if (!this.has(dependency)) throw new UnknownTaskError(dependency, `${tid} depends on it`);
      }
    }
    if (!this.#isReshaped) return;
    const upserted = upsert.map((task) => task.tid); // a new cycle leads through one of them
    this.#findGenerations(upserted.sort(byCodePoint));
  }

  /** @param through tasks of which any cycle has one @throws {CycleError} */
  #findGenerations(through: readonly Tid[]): void {
    try {
      this.#generations = sortedGenerations(this.#dag);
      this.#isReshaped = false;
    } catch (error) {
      const cycle = findCycle(this, through);
      throw cycle.length > 0 ? new CycleError(cycle) : error;
    }
  }

  #connect(task: Task, lenient = false): void {
    const hash = new Set(task.hashdeps);
    const exec = new Set(task.execdeps);
    for (const dependency of new Set([...task.hashdeps, ...task.execdeps].sort(byCodePoint))) {
      if (!this.#dag.hasNode(dependency)) {
        if (lenient) continue;
        throw new UnknownTaskError(dependency, `${task.tid} depends on it`);
      }
      if (dependency === task.tid) throw new CycleError([task.tid]);
      this.#dag.addEdge(dependency, task.tid, {
        hash: hash.has(dependency),
        exec: exec.has(dependency),
      });
    }
  }
}

/** Generations in an order that does not depend on how the graph came about. */
function sortedGenerations(dag: DirectedGraph): Tid[][] {
  return (topologicalGenerations(dag as never) as Tid[][]).map((generation) => generation.sort(byCodePoint));
}
