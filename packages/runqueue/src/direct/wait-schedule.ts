import { degreesOf } from "@depid/task-graph";
import { Agenda } from "../clock.ts";
import type { HashEdges } from "../hash-edges.ts";
import { IndexSet } from "../index-set.ts";
import type { BuildPlan } from "../plan.ts";
import { EXECUTED } from "../state/real-state.ts";
import { BY_OBJECT } from "../state/setscene-state.ts";
import type { DirectBuild, DirectWorld } from "./direct-build.ts";

/**
 * How long a build takes, of which it is known what was executed and what restored, if nothing is restored before all tasks that it hashes, however far down, are
 * final: an open one is when it has run. Workers restore first, in the order of the setscene tasks, and then execute by rank.
 *
 * @param open 1 for open tasks, by place in the plan
 * @returns milliseconds of virtual time
 */
export function wallTimeOfWaiting(
  plan: BuildPlan,
  build: Pick<DirectBuild, "went" | "coveredBy">,
  open: Uint8Array,
  world: Pick<DirectWorld, "workers" | "durationOf">,
): number {
  return new WaitSchedule(plan, build, open, world).run();
}

class WaitSchedule {
  readonly #plan: BuildPlan;
  readonly #build: Pick<DirectBuild, "went" | "coveredBy">;
  readonly #open: Uint8Array;
  readonly #world: Pick<DirectWorld, "workers" | "durationOf">;
  readonly #edges: HashEdges;
  readonly #unsettledBelow: Int32Array;
  readonly #incompleteBelow: Int32Array;
  readonly #isComplete: Uint8Array;
  readonly #isSettled: Uint8Array;
  /** Places in the setscene order of what may be restored, ranks of what may be executed. */
  readonly #restorable: IndexSet;
  readonly #startable: IndexSet;
  readonly #agenda = new Agenda<number>();
  #now = 0;

  constructor(
    plan: BuildPlan,
    build: Pick<DirectBuild, "went" | "coveredBy">,
    open: Uint8Array,
    world: Pick<DirectWorld, "workers" | "durationOf">,
  ) {
    this.#plan = plan;
    this.#build = build;
    this.#open = open;
    this.#world = world;
    this.#edges = plan.hashEdges();
    this.#unsettledBelow = degreesOf(this.#edges.deps);
    this.#incompleteBelow = degreesOf(plan.dependencies);
    this.#isComplete = new Uint8Array(plan.size);
    this.#isSettled = new Uint8Array(plan.size);
    this.#restorable = new IndexSet(plan.setsceneCount);
    this.#startable = new IndexSet(plan.size);
  }

  run(): number {
    const { size, topDown } = this.#plan;
    for (let i = size - 1; i >= 0; i--) {
      const task = topDown[i] as number;
      if (this.#incompleteBelow[task] === 0) this.#begin(task);
      if (this.#unsettledBelow[task] === 0) this.#settle(task);
    }
    for (;;) {
      this.#start();
      const at = this.#agenda.nextAt;
      if (at === undefined) return this.#now;
      this.#now = at;
      while (this.#agenda.nextAt === at) this.#complete(this.#agenda.take() as number);
    }
  }

  #start(): void {
    const { workers = 1, durationOf } = this.#world;
    while (this.#agenda.size < workers) {
      const restored = this.#restorable.next(0);
      const executed = restored >= 0 ? -1 : this.#startable.next(0);
      if (restored < 0 && executed < 0) return;
      const isRestored = restored >= 0;
      const task = (isRestored ? this.#plan.setsceneOrder[restored] : this.#plan.priority[executed]) as number;
      if (isRestored) this.#restorable.delete(restored);
      else this.#startable.delete(executed);
      this.#agenda.add(this.#now + (durationOf?.(task, isRestored ? "setscene" : "real") ?? 1000), task);
    }
  }

  #isRestored(task: number): boolean {
    return ((this.#build.coveredBy[task] as number) & BY_OBJECT) !== 0;
  }

  /** All that must run first is complete. */
  #begin(task: number): void {
    if (this.#isRestored(task) || this.#isComplete[task] === 1) return;
    if (this.#build.went[task] === EXECUTED) this.#startable.add(this.#plan.rank[task] as number);
    else this.#complete(task);
  }

  #complete(first: number): void {
    const { start, list } = this.#plan.dependents;
    const pending = [first];
    for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
      if (this.#isComplete[task] === 1) continue;
      this.#isComplete[task] = 1;
      if (this.#unsettledBelow[task] === 0) this.#settle(task);
      for (let k = start[task] as number; k < (start[task + 1] as number); k++) {
        const dependent = list[k] as number;
        const left = (this.#incompleteBelow[dependent] as number) - 1;
        this.#incompleteBelow[dependent] = left;
        if (left !== 0 || this.#isRestored(dependent)) continue;
        if (this.#build.went[dependent] === EXECUTED) this.#startable.add(this.#plan.rank[dependent] as number);
        else pending.push(dependent);
      }
    }
  }

  /** All that a task hashes is final: it may be restored, and is final itself unless it is open. */
  #settle(first: number): void {
    const { start, list } = this.#edges.dependents;
    const pending = [first];
    for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
      if (this.#isSettled[task] === 1) continue;
      if (this.#isRestored(task) && this.#isComplete[task] === 0)
        this.#restorable.add(this.#plan.setscenePlace[task] as number);
      if (this.#open[task] === 1 && this.#isComplete[task] === 0) continue;
      this.#isSettled[task] = 1;
      for (let k = start[task] as number; k < (start[task + 1] as number); k++) {
        const dependent = list[k] as number;
        const left = (this.#unsettledBelow[dependent] as number) - 1;
        this.#unsettledBelow[dependent] = left;
        if (left === 0) pending.push(dependent);
      }
    }
  }
}
