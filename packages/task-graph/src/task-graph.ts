import { byCodePoint, type Tid } from "@depid/hash";
import { DirectedGraph } from "graphology";
import { topologicalGenerations } from "graphology-dag";
import { type CaptureChange, invertChange, sameList } from "./change.ts";
import { findCycle } from "./cycle.ts";
import { ChangeError, CycleError, UnknownTaskError } from "./errors.ts";
import type { HashPlan } from "./hash-plan.ts";
import { SlottedTasks } from "./slotted-tasks.ts";
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
  /** The same as integers; its generations are kept up to date, and found anew only where that is cheaper. */
  readonly #slotted = new SlottedTasks();
  #tids: readonly Tid[] | undefined;
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
      this.#slotted.put(task);
      if (task.setscene) this.#setsceneCount += 1;
    }
    for (const task of sorted) this.#connect(task);
    this.#slotted.reorder(sorted.map(({ tid }) => tid));
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
    this.#tids ??= this.tasks.map(({ tid }) => tid);
    return this.#tids;
  }

  /** All tasks, by code point of their tids. */
  get tasks(): readonly Task[] {
    const { order, tasks } = this.#slotted;
    return Array.from(order, (slot) => tasks[slot] as Task);
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
    const { order, tasks, generation, generations } = this.#slotted;
    const found: Tid[][] = Array.from({ length: generations }, () => []);
    for (const slot of order) found[generation[slot] as number]?.push((tasks[slot] as Task).tid);
    return found;
  }

  /** The same as integers. Follows the graph. */
  get hashPlan(): HashPlan {
    return this.#slotted;
  }

  /** The tasks whose hash may change when these tasks do: themselves and whatever hashes them, in the order of hashing. */
  hashConeOf(seeds: Iterable<Tid>): Tid[] {
    const { tasks, slots, places, generation, dependents } = this.#slotted;
    const cone = new Set<number>();
    for (const tid of seeds) {
      if (!this.has(tid)) throw new UnknownTaskError(tid, "its cone was asked for");
      cone.add(slots.get(tid) as number);
    }
    for (const slot of cone) for (const dependent of dependents[slot] as number[]) cone.add(dependent);
    const byOrder = (a: number, b: number): number =>
      (generation[a] as number) - (generation[b] as number) || (places[a] as number) - (places[b] as number);
    return [...cone].sort(byOrder).map((slot) => (tasks[slot] as Task).tid);
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
    for (const { tid, hashdeps, execdeps } of change.upsert)
      if (hashdeps.includes(tid) || execdeps.includes(tid)) throw new CycleError([tid]);
    const reshaped = this.#put(change);
    try {
      this.#check(change, reshaped);
    } catch (error) {
      this.#put(inverse);
      this.#findGenerations(this.tids);
      throw error;
    }
    return inverse;
  }

  /** @returns tasks that depend on others than before, or are new */
  #put({ upsert, remove }: CaptureChange): readonly Tid[] {
    for (const tid of remove) {
      if (this.get(tid).setscene) this.#setsceneCount -= 1;
      this.#dag.dropNode(tid);
      this.#slotted.drop(tid);
    }
    const connect: Task[] = [];
    const added: Tid[] = [];
    for (const task of upsert) {
      const old = this.find(task.tid);
      this.#setsceneCount += Number(task.setscene) - Number(old?.setscene ?? false);
      if (old === undefined) {
        this.#dag.addNode(task.tid, { task });
        added.push(task.tid);
      } else this.#dag.setNodeAttribute(task.tid, "task", task);
      this.#slotted.put(task);
      if (old === undefined || !sameList(old.hashdeps, task.hashdeps) || !sameList(old.execdeps, task.execdeps)) {
        connect.push(task);
      }
    }
    for (const task of connect) {
      for (const edge of this.#dag.inEdges(task.tid)) this.#dag.dropEdge(edge);
    }
    for (const task of connect) this.#connect(task, true);
    if (remove.length > 0 || added.length > 0) {
      this.#tids = undefined;
      this.#slotted.reorder(added);
    }
    return connect.map(({ tid }) => tid);
  }

  #check({ upsert }: CaptureChange, reshaped: readonly Tid[]): void {
    for (const { tid, hashdeps, execdeps } of upsert) {
      for (const dependency of [...hashdeps, ...execdeps]) {
        if (!this.has(dependency)) throw new UnknownTaskError(dependency, `${tid} depends on it`);
      }
    }
    if (this.#slotted.followGenerations(reshaped)) return;
    const upserted = upsert.map((task) => task.tid); // a new cycle leads through one of them
    this.#findGenerations(upserted.sort(byCodePoint));
  }

  /** @param through tasks of which any cycle has one @throws {CycleError} */
  #findGenerations(through: readonly Tid[]): void {
    try {
      this.#slotted.setGenerations(topologicalGenerations(this.#dag as never) as Tid[][]);
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
    this.#slotted.connect(task);
  }
}
