import type { Tid } from "@depid/hash";
import {
  type BuildPlan,
  BY_OBJECT,
  BY_STAMP,
  EXECUTED as EXECUTED_TASK,
  EXISTING as EXISTING_TASK,
  NOEXEC as NOEXEC_TASK,
} from "@depid/runqueue";
import type { StampVariant } from "@depid/sstate";
import type { Task } from "@depid/task-graph";
import type { BuildOutcome } from "./build-outcome.ts";

/** How many tasks of one build went which way. The first five add up to all tasks of the build. */
export interface Counts {
  readonly executed: number;
  readonly restored: number;
  readonly skipped: number;
  readonly covered: number;
  readonly noexec: number;
  readonly needless: number;
  readonly timing: number;
  readonly avoided: number;
  readonly stale: number;
}

/** What each count means; printed with every report, in this order. */
export const COUNT_DEFINITIONS: Readonly<Record<keyof Counts, string>> = {
  executed: "real tasks that ran",
  restored: "setscene tasks that were restored from an sstate object",
  skipped: "tasks passed over as their stamp was current",
  covered: "tasks that need not run as everything that needs them was restored or current",
  noexec: "tasks with nothing to execute, which are only stamped",
  needless: "executed, though the clairvoyant did not execute them in that step",
  timing:
    "needless, and executed only because of when the server's answers came: the same build would have spared it, had each task waited until all below it that nobody had reported had run and were answered",
  avoided: "neither executed nor noexec: what rebuild-all would have run on top",
  stale: "avoided wrongly: what was restored or passed over as current has another content than a clean build has",
};

export const countNames = Object.keys(COUNT_DEFINITIONS) as readonly (keyof Counts)[];

/** What may become of a task in a build; a task that several words fit is counted by the first. */
export const FATES = ["executed", "restored", "skipped", "noexec", "covered"] as const;

export type Fate = (typeof FATES)[number];

const [EXECUTED, RESTORED, SKIPPED, NOEXEC, COVERED] = [0, 1, 2, 3, 4] as const;

/** What became of the tasks of one build: each has one fate. */
export class Fates {
  readonly #plan: Pick<BuildPlan, "tids">;
  /** Place in `FATES`, by place of the task in the plan. */
  readonly #codes: Uint8Array;
  readonly #sets = new Map<Fate, ReadonlySet<Tid>>();

  constructor(plan: Pick<BuildPlan, "tids">, codes: Uint8Array) {
    this.#plan = plan;
    this.#codes = codes;
  }

  /** Sorts the tasks of a build by what became of them. */
  static of({ plan, went: wentOf, coveredBy: coveredByOf }: Pick<BuildOutcome, "plan" | "went" | "coveredBy">): Fates {
    const codes = new Uint8Array(plan.size);
    for (let task = 0; task < plan.size; task++) {
      const went = wentOf[task] as number;
      const coveredBy = coveredByOf[task] as number;
      if (went === EXECUTED_TASK) codes[task] = EXECUTED;
      else if ((coveredBy & BY_OBJECT) !== 0) codes[task] = RESTORED;
      else if (went === EXISTING_TASK || (coveredBy & BY_STAMP) !== 0) codes[task] = SKIPPED;
      else codes[task] = went === NOEXEC_TASK ? NOEXEC : COVERED;
    }
    return new Fates(plan, codes);
  }

  /** Places in `FATES`, by place of the task in the plan: what another thread needs to have these fates, with the same plan. */
  get codes(): Uint8Array {
    return this.#codes;
  }

  /** Fate of a task by its place in the plan. */
  at(task: number): Fate {
    return FATES[this.#codes[task] as number] as Fate;
  }

  isExecuted(task: number): boolean {
    return this.#codes[task] === EXECUTED;
  }

  isRestored(task: number): boolean {
    return this.#codes[task] === RESTORED;
  }

  /** Restored, or passed over as current: what it holds was made earlier. */
  isReused(task: number): boolean {
    const code = this.#codes[task] as number;
    return code === RESTORED || code === SKIPPED;
  }

  /** Tasks of a fate, by their places in the plan. */
  *tasks(fate: Fate): Generator<number> {
    const code = FATES.indexOf(fate);
    for (let task = 0; task < this.#codes.length; task++) if (this.#codes[task] === code) yield task;
  }

  get executed(): ReadonlySet<Tid> {
    return this.#setOf("executed");
  }

  get restored(): ReadonlySet<Tid> {
    return this.#setOf("restored");
  }

  get skipped(): ReadonlySet<Tid> {
    return this.#setOf("skipped");
  }

  /** Whether a needless task ran only because of when answers came. @param patient what would have become of it had it waited */
  isLate(task: number, patient: Fates): boolean {
    return this.isExecuted(task) && !patient.isExecuted(task);
  }

  /**
   * Adds up what tasks weigh, by what became of them.
   *
   * @param real what executing weighs, by place in the plan
   * @param setscene what restoring weighs
   */
  sum(
    { needed, patient, isStale }: Reference,
    real: { readonly [task: number]: number },
    setscene: { readonly [task: number]: number },
  ): SerialSeconds {
    const sums = { executed: 0, restored: 0, skipped: 0, covered: 0, noexec: 0, needless: 0, timing: 0, stale: 0 };
    let restoredAnew = 0;
    for (let task = 0; task < this.#codes.length; task++) {
      const weight = real[task] as number;
      switch (this.#codes[task]) {
        case EXECUTED:
          sums.executed += weight;
          if (needed.isExecuted(task)) break;
          sums.needless += weight;
          if (this.isLate(task, patient)) sums.timing += weight;
          break;
        case RESTORED:
          sums.restored += setscene[task] as number;
          restoredAnew += weight;
          if (isStale(task)) sums.stale += weight;
          break;
        case SKIPPED:
          sums.skipped += weight;
          if (isStale(task)) sums.stale += weight;
          break;
        case NOEXEC:
          sums.noexec += weight;
          break;
        default:
          sums.covered += weight;
      }
    }
    return { ...sums, avoided: restoredAnew + sums.skipped + sums.covered };
  }

  #setOf(fate: Fate): ReadonlySet<Tid> {
    const known = this.#sets.get(fate);
    if (known !== undefined) return known;
    const found = new Set<Tid>();
    for (const task of this.tasks(fate)) found.add(this.#plan.tids[task] as Tid);
    this.#sets.set(fate, found);
    return found;
  }
}

/** What a build is measured against. */
export interface Reference {
  /** What became of tasks in the clairvoyant's build of the same step. */
  readonly needed: Fates;
  /** What would have become of them had each task waited for all answers below it. */
  readonly patient: Fates;
  /** Whether what is held of a task that was not executed is not what a clean build has; by place in the plan. */
  readonly isStale: (task: number) => boolean;
}

/** Serial seconds of the tasks that each count counts: of `restored`, what restoring took; of all others, what executing took or would have taken. */
export type SerialSeconds = Readonly<Record<keyof Counts, number>>;

/** What the tasks of a build cost. */
export interface BuildTime {
  readonly serial: SerialSeconds;
  /** From begin to end of the simulated build, with the workers it had. */
  readonly wall: number;
  /** The longest chain of its tasks that wait for each other: what no number of workers can beat. */
  readonly critical: number;
}

/** Seconds that a task takes, in one variant. */
export type SecondsOf = (task: Task, variant: StampVariant) => number;

export const NO_COUNTS: Counts = {
  executed: 0,
  restored: 0,
  skipped: 0,
  covered: 0,
  noexec: 0,
  needless: 0,
  timing: 0,
  avoided: 0,
  stale: 0,
};

export const NO_TIME: BuildTime = { serial: NO_COUNTS, wall: 0, critical: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return Object.fromEntries(countNames.map((name) => [name, a[name] + b[name]])) as never;
}

export function addTimes(a: BuildTime, b: BuildTime): BuildTime {
  const serial = Object.fromEntries(countNames.map((name) => [name, a.serial[name] + b.serial[name]])) as never;
  return { serial, wall: a.wall + b.wall, critical: a.critical + b.critical };
}
