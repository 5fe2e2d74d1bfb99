import type { Tid } from "@depid/hash";
import type { SimulatedBuild } from "@depid/runqueue";
import type { StampVariant } from "@depid/sstate";
import type { Task } from "@depid/task-graph";

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
    "needless, and executed only because of when the server's answers came: the same build would have spared it, had each task waited until the depids of all below it were final",
  avoided: "neither executed nor noexec: what rebuild-all would have run on top",
  stale: "avoided wrongly: what was restored or passed over as current has another content than a clean build has",
};

export const countNames = Object.keys(COUNT_DEFINITIONS) as readonly (keyof Counts)[];

/** The tasks of one build by what became of them. Each task is in one of the sets. */
export interface Fates {
  readonly executed: ReadonlySet<Tid>;
  readonly restored: ReadonlySet<Tid>;
  readonly skipped: ReadonlySet<Tid>;
  readonly covered: ReadonlySet<Tid>;
  readonly noexec: ReadonlySet<Tid>;
}

/** Sorts the tasks of a build by what became of them. A task that several words fit is counted by the first of `Fates`. */
export function findFates(tids: readonly Tid[], { events, summary }: SimulatedBuild): Fates {
  const executed = new Set(summary.executed);
  const restored = new Set<Tid>();
  const skipped = new Set(summary.existing);
  const noexec = new Set(summary.noexec);
  for (const event of events) {
    if (event.type !== "setscene-covered") continue;
    if (event.why === "restored") restored.add(event.tid);
    else if (event.why === "stamp-current" || event.why === "setscene-stamp-current") skipped.add(event.tid);
  }
  const covered = new Set<Tid>();
  for (const tid of tids) {
    const sets = [executed, restored, skipped, noexec];
    const first = sets.findIndex((set) => set.has(tid));
    if (first < 0) covered.add(tid);
    for (const set of sets.slice(first + 1)) if (first >= 0) set.delete(tid);
  }
  return { executed, restored, skipped, covered, noexec };
}

/** What a build is measured against. */
export interface Reference {
  /** Tasks that the clairvoyant executed in the same step. */
  readonly needed: ReadonlySet<Tid>;
  /** Tasks that the same build would have executed had each task waited for all answers below it. */
  readonly patient: ReadonlySet<Tid>;
  /** Whether what is held of a task that was not executed is not what a clean build has. */
  readonly isStale: (tid: Tid) => boolean;
}

/** How many tasks went which way. */
export function countFates(fates: Fates, reference: Reference): Counts {
  return sumFates(fates, reference, () => 1);
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

/** The same sums as `countFates`, of what each task weighs: its seconds. */
export function sumFates(
  { executed, restored, skipped, covered, noexec }: Fates,
  { needed, patient, isStale }: Reference,
  weightOf: (tid: Tid, variant: StampVariant) => number,
): SerialSeconds {
  const real = (tids: ReadonlySet<Tid>, holds?: (tid: Tid) => boolean) =>
    sum(tids, holds, (tid) => weightOf(tid, "real"));
  return {
    executed: real(executed),
    restored: sum(restored, undefined, (tid) => weightOf(tid, "setscene")),
    skipped: real(skipped),
    covered: real(covered),
    noexec: real(noexec),
    needless: real(executed, (tid) => !needed.has(tid)),
    timing: real(executed, (tid) => !needed.has(tid) && !patient.has(tid)),
    avoided: real(restored) + real(skipped) + real(covered),
    stale: real(restored, isStale) + real(skipped, isStale),
  };
}

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

function sum(tids: ReadonlySet<Tid>, holds: ((tid: Tid) => boolean) | undefined, of: (tid: Tid) => number): number {
  let total = 0;
  for (const tid of tids) if (holds === undefined || holds(tid)) total += of(tid);
  return total;
}
