import { byCodePoint, type Tid } from "@depid/hash";
import { Generations } from "./generations.ts";
import type { HashPlan } from "./hash-plan.ts";
import type { Task } from "./task.ts";

/** The tasks of a graph by slot, with their edges; whoever owns it says what changes. */
export class SlottedTasks implements HashPlan {
  readonly tasks: (Task | undefined)[] = [];
  readonly slots: Map<Tid, number> = new Map();
  order: Int32Array = new Int32Array();
  places: Int32Array = new Int32Array();
  readonly deps: number[][] = [];
  readonly dependents: number[][] = [];
  /** What must run first, by code point, and the same edges seen from their other ends, in no order. */
  readonly #before: number[][] = [];
  readonly #after: number[][] = [];
  readonly #generations = new Generations();
  readonly #tids: Tid[] = [];

  get generation(): readonly number[] {
    return this.#generations.of;
  }

  get generations(): number {
    return this.#generations.count;
  }

  /** The dependencies that must run before each task, by code point. */
  get execDeps(): readonly (readonly number[])[] {
    return this.#before;
  }

  slotOf(tid: Tid): number {
    const known = this.slots.get(tid);
    if (known !== undefined) return known;
    const slot = this.#tids.push(tid) - 1;
    this.slots.set(tid, slot);
    this.tasks.push(undefined);
    for (const lists of [this.deps, this.dependents, this.#before, this.#after]) lists.push([]);
    this.#generations.put(slot, -1);
    return slot;
  }

  /** Puts a row where it belongs; its edges are as before. */
  put(task: Task): void {
    const slot = this.slotOf(task.tid);
    this.tasks[slot] = task;
    if (this.generation[slot] === -1) this.#generations.put(slot, 0);
  }

  /** A task is gone, and what it depended on has nothing to do with it. What depended on it is to be connected anew. */
  drop(tid: Tid): void {
    const slot = this.slotOf(tid);
    this.#connect(slot, [], []);
    this.tasks[slot] = undefined;
    this.#generations.put(slot, -1);
  }

  /** Gives a task the edges of its row, but for those to tasks that are not there. */
  connect({ tid, hashdeps, execdeps }: Task): void {
    const slotsOf = (tids: readonly Tid[]): number[] => {
      const slots: number[] = [];
      for (const dependency of tids) {
        const slot = this.slots.get(dependency);
        if (slot !== undefined && this.tasks[slot] !== undefined) slots.push(slot);
      }
      return slots;
    };
    this.#connect(this.slotOf(tid), slotsOf(hashdeps), slotsOf([...new Set(execdeps)].sort(byCodePoint)));
  }

  /** Takes over generations that were found otherwise. */
  setGenerations(generations: readonly (readonly Tid[])[]): void {
    for (const [number, tids] of generations.entries())
      for (const tid of tids) this.#generations.put(this.slotOf(tid), number);
  }

  /** @param tids tasks that depend on others than before, or are new @returns false if it would cost more than to find all anew, or there is a circle */
  followGenerations(tids: readonly Tid[]): boolean {
    const seeds = tids.map((tid) => this.slotOf(tid));
    const below = [this.deps, this.#before];
    const above = [this.dependents, this.#after];
    return this.#generations.follow(seeds, below, above, 4 * this.order.length);
  }

  /** Puts the order right after tasks came or went. */
  reorder(added: readonly Tid[]): void {
    const fresh = [...added].sort(byCodePoint).map((tid) => this.slotOf(tid));
    const order = new Int32Array(this.order.length + fresh.length);
    let end = 0;
    let from = 0;
    const takeUntil = (until: number): void => {
      for (; from < until; from++) {
        const slot = this.order[from] as number;
        if (this.tasks[slot] !== undefined) order[end++] = slot;
      }
    };
    for (const slot of fresh) {
      takeUntil(this.#placeOf(this.#tids[slot] as Tid, from));
      order[end++] = slot;
    }
    takeUntil(this.order.length);
    this.order = order.slice(0, end);
    this.places = new Int32Array(this.tasks.length);
    for (let place = 0; place < end; place++) this.places[this.order[place] as number] = place;
  }

  /** Where a tid belongs in the order, not before a place. */
  #placeOf(tid: Tid, from: number): number {
    let [low, high] = [from, this.order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (byCodePoint(this.#tids[this.order[middle] as number] as Tid, tid) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #connect(slot: number, deps: number[], before: number[]): void {
    replaceEdges(slot, this.deps, this.dependents, deps);
    replaceEdges(slot, this.#before, this.#after, before);
  }
}

/** Gives a node other neighbours, and touches of its neighbours only those that differ. */
function replaceEdges(node: number, to: number[][], back: number[][], neighbours: number[]): void {
  const before = new Set(to[node]);
  const after = new Set(neighbours);
  for (const neighbour of before) {
    if (after.has(neighbour)) continue;
    const list = back[neighbour] as number[];
    const last = list.pop() as number;
    if (last !== node) list[list.indexOf(node)] = last;
  }
  for (const neighbour of after) if (!before.has(neighbour)) back[neighbour]?.push(node);
  to[node] = neighbours;
}
