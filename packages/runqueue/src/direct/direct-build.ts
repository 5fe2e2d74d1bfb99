import { Agenda } from "../clock.ts";
import { createDepValid, type DepValid } from "../depvalid.ts";
import type { CoveredWhy, NotCoveredWhy } from "../event.ts";
import type { BuildPlan } from "../plan.ts";
import { EXECUTED, EXISTING, NOEXEC } from "../state/real-state.ts";
import { BY_OBJECT, BY_STAMP, COVERED, NOT_COVERED } from "../state/setscene-state.ts";
import { completeForGood, decideForGood, isCoveredForGood, makeReady, settle, updateTurn } from "./direct-sets.ts";
import { DirectStamps } from "./direct-stamps.ts";
import { createDirectState, type DirectState } from "./direct-state.ts";
import { type IsNeeded, needsIn } from "./needs.ts";
import { noexecOf } from "./noexec.ts";
import { type StampNumbering, StampSheet } from "./stamp-sheet.ts";

/** The world around a build that goes directly. Tasks are places in the plan. */
export interface DirectWorld {
  /** `BB_NUMBER_THREADS`. Default: 1. */
  readonly workers?: number | undefined;
  /** Default: OE-Core's. */
  readonly depValid?: DepValid;
  /** The build directory; is changed. `undefined`: a new one, which is not kept. */
  readonly directory?: StampSheet | undefined;
  readonly numbering: StampNumbering;
  /** The hash that a task's stamps are named by; "" with Basic. */
  readonly stampHashOf: (task: number) => string;
  /** Whether there was an object of the task when the build began. Default: there is none. */
  readonly hasObject?: (task: number) => boolean;
  /** Milliseconds that a task takes, not negative. Default: 1000. */
  readonly durationOf?: (task: number, variant: "real" | "setscene") => number;
  /** Told when a real task starts that makes something. */
  readonly onStart?: (task: number) => void;
  /** Told when a task was restored. */
  readonly onRestored?: (task: number) => void;
  /** Told when a task was executed. @returns false if that changes the mind of the build: then it is given up */
  readonly onExecuted?: (task: number) => boolean;
}

/** What became of the tasks of a build that went directly, by place in the plan. */
export type DirectBuild = Pick<DirectState, "plan" | "went" | "coveredBy" | "needed"> & {
  /** Why a setscene task was covered; `undefined` if it was not. */
  readonly coveredWhy: (task: number) => CoveredWhy | undefined;
  readonly notCoveredWhy: (task: number) => NotCoveredWhy | undefined;
  /** When it ended: milliseconds of virtual time. */
  readonly wallTime: number;
};

/** Why setscene tasks are covered, by number; 0 is undecided. Those behind are why they are not. */
const COVERED_WHY = [
  undefined,
  "noexec",
  "stamp-current",
  "not-needed",
  "setscene-stamp-current",
  "restored",
] as const satisfies readonly (CoveredWhy | undefined)[];
const NOT_COVERED_WHY = [
  "no-object",
  "task-stamp-current",
  "hard-dependency-failed",
] as const satisfies readonly NotCoveredWhy[];
const [NO_WORK, STAMP, NOT_NEEDED, SETSCENE_STAMP, RESTORED, NO_OBJECT, TASK_STAMP, HARD] = [
  1, 2, 3, 4, 5, 6, 7, 8,
] as const;

/**
 * Carries out a build in which no hash changes, no task fails and none is deferred to another: what `simulateBuild` decides, in the same order and the
 * same virtual time, but without the means to take anything back, and without a log. Costs some steps for each task and dependency.
 *
 * The build must be one that `goesDirectly` allows.
 *
 * @returns `undefined` if it was given up; then the directory is not to be used any more
 */
export function buildDirectly(plan: BuildPlan, world: DirectWorld): DirectBuild | undefined {
  return new DirectPass(plan, world).run();
}

/** Whether builds of a plan can go directly: by the rules of BitBake 2.8 and later, with a scheduler that does not end it, in directories that no multiconfigs share. */
export function goesDirectly({
  release,
  scheduler,
  sharedDirectories,
}: Pick<BuildPlan, "release" | "scheduler" | "sharedDirectories">): boolean {
  const isRecent = release.hardDependencies === "wanted" && release.stampsCleaned === "sstate-tasks";
  return isRecent && scheduler !== "basic" && sharedDirectories === undefined;
}

class DirectPass {
  readonly #plan: BuildPlan;
  readonly #world: DirectWorld;
  readonly #workers: number;
  readonly #state: DirectState;
  readonly #stamps: DirectStamps | undefined;
  readonly #noexec: Uint8Array;
  readonly #isNeeded: IsNeeded;
  /** Twice the place, and one more for a setscene task. */
  readonly #agenda = new Agenda<number>();

  constructor(plan: BuildPlan, world: DirectWorld) {
    this.#plan = plan;
    this.#world = world;
    this.#workers = world.workers ?? 1;
    this.#state = createDirectState(plan);
    this.#noexec = noexecOf(plan);
    this.#isNeeded = needsIn(plan, world.depValid ?? DEP_VALID);
    // In a new directory no stamp is looked for before its own task is decided, unless another task makes it.
    const directory =
      world.directory ?? (world.numbering.of(plan).isAnyBaseShared ? StampSheet.create(world.numbering) : undefined);
    this.#stamps = directory && new DirectStamps(plan, directory, world.stampHashOf);
  }

  run(): DirectBuild | undefined {
    const state = this.#state;
    this.#lookAtStamps();
    this.#stamps?.removeStale();
    this.#decide();
    for (let at = this.#agenda.nextAt; at !== undefined; at = this.#agenda.nextAt) {
      state.now = at;
      if (!this.#endTasks(at)) return undefined;
      this.#decide();
    }
    this.#stamps?.leave(state.now);
    const { plan, went, coveredBy, needed, reason, now } = state;
    const coveredWhy = (task: number) => COVERED_WHY[reason[task] as number];
    const notCoveredWhy = (task: number) => NOT_COVERED_WHY[(reason[task] as number) - COVERED_WHY.length];
    return { plan, went, coveredBy, needed, wallTime: now, coveredWhy, notCoveredWhy };
  }

  /** The first look: what is noexec or has a stamp is covered. */
  #lookAtStamps(): void {
    const { size, setscene } = this.#plan;
    const stamps = this.#stamps;
    for (let task = 0; task < size; task++) {
      if (setscene[task] === 0) continue;
      if (this.#noexec[task] === 1) {
        stamps?.makeSetscene(task, 0);
        this.#cover(task, NO_WORK);
      } else if (stamps !== undefined && (stamps.isRestored(task) || stamps.isCurrentToTheBottom(task)))
        this.#cover(task, STAMP);
    }
  }

  /** All that can be decided at this time. */
  #decide(): void {
    const { turn, startable } = this.#state;
    for (;;) {
      if (turn.size > 0 && this.#hasFreeWorker && this.#offerSetsceneTask() === "again") continue;
      if (startable.size === 0 || !this.#hasFreeWorker || !this.#offerRealTask()) return;
    }
  }

  get #hasFreeWorker(): boolean {
    return this.#state.running + this.#state.restoring < this.#workers;
  }

  /** @returns false if the build is given up */
  #endTasks(at: number): boolean {
    const ended: number[] = [];
    while (this.#agenda.nextAt === at) ended.push(this.#agenda.take() as number);
    const { onRestored, onExecuted } = this.#world;
    for (const end of ended) {
      if ((end & 1) === 1) onRestored?.(end >> 1);
      else if (onExecuted?.(end >> 1) === false) return false;
    }
    for (const end of ended) {
      const task = end >> 1;
      if ((end & 1) === 1) this.#endSetscene(task);
      else this.#endReal(task);
    }
    return true;
  }

  #endSetscene(task: number): void {
    this.#state.restoring -= 1;
    this.#stamps?.makeSetscene(task, this.#state.now);
    this.#stamps?.keepManifest(task);
    this.#cover(task, RESTORED);
  }

  #endReal(task: number): void {
    this.#state.running -= 1;
    this.#stamps?.end(task);
    this.#stamps?.make(task, this.#state.now);
    this.#stamps?.keepManifest(task);
    completeForGood(this.#state, task);
  }

  /** Goes round the setscene tasks from where it stopped the last time (runqueue.md section 7). */
  #offerSetsceneTask(): "again" | "nothing" {
    const state = this.#state;
    const order = this.#plan.setsceneOrder;
    let cursor = state.cursor;
    for (let looked = 0; ; ) {
      const ahead = state.turn.next(cursor);
      const place = ahead >= 0 ? ahead : state.turn.next(0);
      if (place < 0) return "nothing";
      looked += ((place - cursor + order.length) % order.length) + 1;
      if (looked > order.length) return "nothing";
      cursor = (place + 1) % order.length;
      const offered = this.#offer(order[place] as number);
      if (offered === "pass") continue;
      state.cursor = cursor;
      return offered;
    }
  }

  #offer(task: number): "pass" | "again" | "nothing" {
    const { isTarget, hardDependencies } = this.#plan;
    if (this.#stamps?.isInUse(task) === true) return "pass";
    if (this.#isNotNeeded(task) && isTarget[task] === 0) {
      this.#state.notNeeded[task] = 1;
      this.#cover(task, NOT_NEEDED);
      return "again";
    }
    const hard = hardDependencies.size === 0 ? undefined : hardDependencies.get(task);
    if (hard?.some((dependency) => this.#state.decision[dependency] === 0)) return this.#waitForHard(task, hard);
    return this.#restore(task);
  }

  #restore(task: number): "again" | "nothing" {
    const stamps = this.#stamps;
    if (this.#world.hasObject?.(task) !== true) this.#uncover(task, NO_OBJECT);
    else if (stamps?.isCurrentToTheBottom(task) === true) this.#uncover(task, TASK_STAMP);
    else if (stamps?.isRestored(task) === true) this.#cover(task, SETSCENE_STAMP);
    else {
      settle(this.#state, task);
      this.#state.restoring += 1;
      stamps?.clean(task);
      this.#start(task, "setscene");
      return this.#hasFreeWorker ? "again" : "nothing";
    }
    return "again";
  }

  /** All users are covered, none needs it, and nothing else wants it. */
  #isNotNeeded(task: number): boolean {
    const { unskippable, undecidedAbove } = this.#plan;
    const state = this.#state;
    if (unskippable[task] === 1 || state.neededHard[task] === 1) return false;
    if (state.undecidedAbove[task] !== 0 || state.notCoveredAbove[task] !== 0) return false;
    if (undecidedAbove[task] === 0) return false;
    if (!this.#isNeeded(task, state.notNeeded)) return true;
    state.needed[task] = 1;
    return false;
  }

  /** Makes it the turn of the hard dependencies; the task itself waits. */
  #waitForHard(task: number, hard: readonly number[]): "pass" | "again" {
    const state = this.#state;
    let isNew = false;
    for (const dependency of hard) {
      if (state.neededHard[dependency] === 1) continue;
      state.neededHard[dependency] = 1;
      makeReady(state, dependency);
      isNew = true;
    }
    state.waitsForHard[task] = 1;
    updateTurn(state, task);
    return isNew ? "again" : "pass";
  }

  #freeHardDependents(task: number): void {
    const { hardDependents, hardDependencies } = this.#plan;
    if (hardDependents.size === 0) return;
    const state = this.#state;
    for (const dependent of hardDependents.get(task) ?? []) {
      if (state.waitsForHard[dependent] === 0) continue;
      if (hardDependencies.get(dependent)?.some((dependency) => state.decision[dependency] === 0)) continue;
      state.waitsForHard[dependent] = 0;
      updateTurn(state, dependent);
    }
  }

  #cover(task: number, reason: number): void {
    const state = this.#state;
    state.reason[task] = reason;
    if (reason === RESTORED) state.coveredBy[task] = BY_OBJECT;
    else if (reason === STAMP || reason === SETSCENE_STAMP) state.coveredBy[task] = BY_STAMP;
    decideForGood(state, task, COVERED);
    this.#freeHardDependents(task);
  }

  #uncover(task: number, reason: number): void {
    const { hardDependents } = this.#plan;
    const state = this.#state;
    state.reason[task] = reason;
    decideForGood(state, task, NOT_COVERED);
    if (hardDependents.size === 0) return;
    for (const dependent of hardDependents.get(task) ?? []) {
      if (state.decision[dependent] !== 0) continue;
      if (this.#stamps?.isRestored(dependent) || this.#stamps?.isCurrentToTheBottom(dependent)) continue;
      this.#uncover(dependent, HARD);
    }
    this.#freeHardDependents(task);
  }

  /** Takes the best real task that may start, and passes over it or starts it. @returns whether there was one */
  #offerRealTask(): boolean {
    const state = this.#state;
    const task = this.#findBest();
    if (task === undefined) return false;
    state.begun[task] = 1;
    state.startable.delete(this.#plan.rank[task] as number);
    if (isCoveredForGood(state, task)) completeForGood(state, task);
    else if (this.#stamps?.isCurrent(task) === true) {
      state.went[task] = EXISTING;
      completeForGood(state, task);
    } else if (this.#plan.tasks[task]?.noexec === true) {
      state.went[task] = NOEXEC;
      this.#stamps?.make(task, state.now);
      completeForGood(state, task);
    } else {
      state.went[task] = EXECUTED;
      state.running += 1;
      this.#stamps?.start(task);
      this.#stamps?.clean(task);
      this.#world.onStart?.(task);
      this.#start(task, "real");
    }
    return true;
  }

  #findBest(): number | undefined {
    const { priority } = this.#plan;
    const { startable } = this.#state;
    for (let rank = startable.next(0); rank >= 0; rank = startable.next(rank + 1)) {
      const task = priority[rank] as number;
      if (this.#stamps?.isInUse(task) !== true) return task;
    }
    return undefined;
  }

  #start(task: number, variant: "real" | "setscene"): void {
    const duration = this.#world.durationOf?.(task, variant) ?? 1000;
    this.#agenda.add(this.#state.now + duration, 2 * task + (variant === "setscene" ? 1 : 0));
  }
}

const DEP_VALID = createDepValid();
