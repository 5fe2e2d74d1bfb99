import type { Tid } from "@depid/hash";
import {
  type BuildPlan,
  type CoveredWhy,
  type DirectBuild,
  findUsers,
  type NotCoveredWhy,
  type SimulatedBuild,
  type UnsoundWhy,
} from "@depid/runqueue";

/** What came of a build, however it was found out. Tasks are places in the plan. */
export interface BuildOutcome {
  readonly plan: BuildPlan;
  /** Of real tasks: `EXECUTED`, `NOEXEC`, `EXISTING`; 0 is anything else. */
  readonly went: Uint8Array;
  /** Of setscene tasks, bits for what covered them: `BY_OBJECT`, `BY_STAMP`. */
  readonly coveredBy: Uint8Array;
  /** From begin to end, in milliseconds. */
  readonly wallTime: number;
  /** Why a setscene task was covered, at last; `undefined` if it was not. */
  coveredWhy(task: number): CoveredWhy | undefined;
  notCoveredWhy(task: number): NotCoveredWhy | undefined;
  /** Whether a rehash made it undecided again. */
  isMigrated(task: number): boolean;
  /** The first of the users that it was found to be needed for. */
  neededBy(task: number): number | undefined;
  /** What is reused from here on may be wrong (docs/spec/runqueue.md section 14). */
  readonly unsound: readonly { readonly tid: Tid; readonly why: UnsoundWhy }[];
  /** The build step by step, if it was simulated. */
  readonly simulated?: SimulatedBuild;
}

/** Of a build that was simulated. */
export function outcomeOfSimulated(simulated: SimulatedBuild): BuildOutcome {
  const { state, events } = simulated;
  const { plan } = state;
  let known: ReturnType<typeof readEvents> | undefined;
  const told = () => {
    known ??= readEvents(simulated);
    return known;
  };
  const tidOf = (task: number): Tid => plan.tids[task] as Tid;
  return {
    plan,
    went: state.real.went,
    coveredBy: state.setscene.coveredBy,
    wallTime: state.now,
    coveredWhy: (task) => told().covered.get(tidOf(task)),
    notCoveredWhy: (task) => told().notCovered.get(tidOf(task)),
    isMigrated: (task) => told().migrated.has(tidOf(task)),
    neededBy: (task) => plan.indices.get(told().neededBy.get(tidOf(task)) as Tid),
    unsound: events.filter((event) => event.type === "unsound"),
    simulated,
  };
}

/** Of a build that went directly. */
export function outcomeOfDirect(direct: DirectBuild, unsound: BuildOutcome["unsound"]): BuildOutcome {
  const { needed, ...outcome } = direct;
  return {
    ...outcome,
    unsound,
    isMigrated: () => false,
    neededBy: (task) => (needed[task] === 1 ? findUsers(direct.plan, task)[0] : undefined),
  };
}

function readEvents({ events }: SimulatedBuild) {
  const covered = new Map<Tid, CoveredWhy>();
  const notCovered = new Map<Tid, NotCoveredWhy>();
  const migrated = new Set<Tid>();
  const neededBy = new Map<Tid, Tid | undefined>();
  for (const event of events) {
    if (event.type === "setscene-covered") covered.set(event.tid, event.why);
    else if (event.type === "setscene-notcovered") notCovered.set(event.tid, event.why);
    else if (event.type === "migrated") migrated.add(event.tid);
    else if (event.type === "depvalid" && event.needed) neededBy.set(event.tid, event.users[0]);
  }
  return { covered, notCovered, migrated, neededBy };
}
