import { degreesOf } from "@depid/task-graph";
import { IndexSet } from "../index-set.ts";
import type { BuildPlan } from "../plan.ts";

/** What of a plan every direct pass begins with; made once for each shape. */
interface Beginning {
  readonly incompleteBelow: Int32Array;
  /** Places in the setscene order of tasks that no other setscene task uses. */
  readonly turns: readonly number[];
  /** Ranks of real tasks that wait for nothing. */
  readonly startable: readonly number[];
}

const beginnings = new WeakMap<BuildPlan["dependencies"], Beginning>();

/** How far a direct pass is, by place in the plan: what `BuildState` says, where nothing is ever taken back. */
export interface DirectState {
  readonly plan: BuildPlan;
  /** Milliseconds since the build began. */
  now: number;
  /** Of setscene tasks: `COVERED`, `NOT_COVERED`; 0 is undecided. */
  readonly decision: Uint8Array;
  undecided: number;
  readonly undecidedAbove: Int32Array;
  readonly notCoveredAbove: Int32Array;
  /** Setscene tasks that were decided, or are being restored. */
  readonly settled: Uint8Array;
  readonly ready: Uint8Array;
  readonly notNeeded: Uint8Array;
  readonly waitsForHard: Uint8Array;
  readonly neededHard: Uint8Array;
  /** Places in the setscene order of tasks whose turn it is. */
  readonly turn: IndexSet;
  cursor: number;
  restoring: number;
  /** Real tasks: how many dependencies are not complete, and whether it was begun. */
  readonly incompleteBelow: Int32Array;
  readonly begun: Uint8Array;
  /** Ranks of real tasks which may start. */
  readonly startable: IndexSet;
  running: number;
  /** As in `RealState` and `SetsceneState`. */
  readonly went: Uint8Array;
  readonly coveredBy: Uint8Array;
  /** Number of the reason for the decision of a setscene task, (`direct-build.ts`). */
  readonly reason: Uint8Array;
  /** 1 for setscene tasks that were found to be needed by their users. */
  readonly needed: Uint8Array;
}

export function createDirectState(plan: BuildPlan): DirectState {
  const { size, setsceneCount } = plan;
  const beginning = beginningOf(plan);
  const flags = () => new Uint8Array(size);
  const turn = new IndexSet(setsceneCount);
  for (const place of beginning.turns) turn.add(place);
  const startable = new IndexSet(size);
  for (const rank of beginning.startable) startable.add(rank);
  const ready = flags();
  for (const place of beginning.turns) ready[plan.setsceneOrder[place] as number] = 1;
  return {
    plan,
    now: 0,
    decision: flags(),
    undecided: setsceneCount,
    undecidedAbove: plan.undecidedAbove.slice(),
    notCoveredAbove: new Int32Array(size),
    settled: flags(),
    ready,
    notNeeded: flags(),
    waitsForHard: flags(),
    neededHard: flags(),
    turn,
    cursor: 0,
    restoring: 0,
    incompleteBelow: beginning.incompleteBelow.slice(),
    begun: flags(),
    startable,
    running: 0,
    went: flags(),
    coveredBy: flags(),
    reason: flags(),
    needed: flags(),
  };
}

function beginningOf(plan: BuildPlan): Beginning {
  const known = beginnings.get(plan.dependencies);
  if (known !== undefined) return known;
  const { size, setscene, setscenePlace, undecidedAbove, rank } = plan;
  const incompleteBelow = degreesOf(plan.dependencies);
  const turns: number[] = [];
  const startable: number[] = [];
  for (let task = 0; task < size; task++) {
    if (undecidedAbove[task] !== 0) continue;
    if (setscene[task] === 1) turns.push(setscenePlace[task] as number);
    else if (incompleteBelow[task] === 0) startable.push(rank[task] as number);
  }
  const beginning = { incompleteBelow, turns, startable };
  beginnings.set(plan.dependencies, beginning);
  return beginning;
}
