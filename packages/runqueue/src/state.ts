import type { DepId, TaskHash, Tid } from "@depid/hash";
import type { SignatureGenerator } from "@depid/siggen";
import type { StampHash } from "@depid/sstate";
import { degreeOf } from "@depid/task-graph";
import type { BuilderState, StampTime } from "./builder.ts";
import { createDepValid, type DepValid } from "./depvalid.ts";
import { PlanError } from "./errors.ts";
import type { BuildEvent, EndState } from "./event.ts";
import type { HashEdges } from "./hash-edges.ts";
import { IndexSet } from "./index-set.ts";
import type { BuildPlan } from "./plan.ts";
import type { Rehash, Update } from "./rehash-state.ts";
import type { StampIndex } from "./stamp-families.ts";
import type { TaskHashes } from "./task-hashes.ts";

/** What the rules depend on besides the graph. Absent flags are off. */
export interface BuildRules {
  /** Hashes at the start. */
  readonly hashesOf: (tid: Tid) => TaskHashes;
  /** Hashes anew what stands above a task whose depid was answered differently. Without one, only that task gets the answer. */
  readonly generator?: Pick<SignatureGenerator, "taskhash">;
  /** Taints as they were hashed at the start; they replace the capture's. */
  readonly taints?: ReadonlyMap<Tid, string>;
  /** Tasks with locked signatures: they report nothing (signatures.md sections 2 and 7). */
  readonly locked?: ReadonlySet<Tid>;
  /** Which hash stamps are named by: `SignatureGenerator.stampHash`. */
  readonly stampHash: StampHash;
  /** `BB_NUMBER_THREADS`: how many tasks are active at a time, setscene included. Default: 1. */
  readonly workers?: number;
  /** Default: OE-Core's. */
  readonly depValid?: DepValid;
  /**
   * Whether OE-Core's sstate class is in use: stamps of an sstate task are removed before it runs, a manifest is kept of
   * what is installed, stale stamps are removed with it when a build starts. Default: true.
   */
  readonly sstateClass?: boolean;
  /** `-f`: targets are not restored. (Tainting them is up to the caller: `addTaint`.) */
  readonly force?: boolean;
  /** `-k`: after a failure, what does not depend on the failed task goes on. */
  readonly keepGoing?: boolean;
  /** `-n`: nothing is executed, stamped or stored. */
  readonly dryRun?: boolean;
  readonly setsceneOnly?: boolean;
  readonly skipSetscene?: boolean;
  /** `BB_SETSCENE_ENFORCE`: patterns `pn:task` of tasks which are exempt (runqueue.md section 11). */
  readonly enforceExcept?: readonly string[];
}

/** Bits of `BuildState.decision`. */
export const COVERED = 1;
export const NOT_COVERED = 2;

/** A validation that was asked for and is not answered yet. */
export interface PendingCheck {
  /** Setscene tasks looked at, ascending. */
  readonly tasks: readonly number[];
  /** Those among them whose object is asked for. */
  readonly asked: readonly number[];
  /**
   * `first`: before anything runs. `released`: a task deferred to another does not wait any more. `turn`: it is the turn of a task
   * whose representative was complete all along. `migration`: hashes changed.
   */
  readonly why: "first" | "released" | "turn" | "migration";
}

/** What a task that is running had when it was started: a rehash does not reach it. */
export interface RunningTask extends TaskHashes {
  /** Hash that its stamp will be named by. */
  readonly stampHash: string;
  /** What it holds in `stampsInUse`. */
  readonly stampUse: string | undefined;
}

/**
 * A build under way. Owned by `step`, which changes it in place: copying thousands of entries for every event would make
 * each event cost as much as the graph. Arrays have an entry per task; flags are 0 or 1.
 */
export interface BuildState {
  readonly plan: BuildPlan;
  readonly builder: BuilderState;
  readonly rules: BuildRules;
  readonly workers: number;
  readonly depValid: DepValid;
  readonly sstateClass: boolean;
  readonly log: BuildEvent[];
  /** Milliseconds since the build began. */
  now: number;
  phase: "new" | "running" | "stopping" | "ended";
  endState: EndState | undefined;

  /** The hashes that the queue goes by. */
  readonly taskhash: TaskHash[];
  readonly depid: DepId[];
  /**
   * The hashes that the generator has: what dependents hash and stamps are named by. They are others than the queue's when a
   * rehash left a task alone (runqueue.md section 9, 2).
   */
  readonly generated: { readonly taskhash: TaskHash[]; readonly depid: DepId[] };
  /** Taskhashes that workers have in place of the generator's, as nothing was changed in the queue since they were sent to them. */
  readonly unsent: Map<number, TaskHash>;
  /** Tasks whose depid in the generator is not that of the queue. */
  readonly disputed: Set<number>;
  /** Made with the first rehash. */
  hashEdges: HashEdges | undefined;
  /** Answers that take effect before anything else is decided. */
  updates: Update[];
  /** The rehash that waits for answers. */
  rehash: Rehash | undefined;
  /** Setscene tasks with a new hash that are still to be looked at again, and those of them whose turn it is. */
  readonly migrations: Set<number>;
  readonly migrationsDue: Set<number>;
  /** What tasks cover that migrated. */
  readonly covers: Map<number, readonly number[]>;
  /** Running real task -> migrations that wait for it to end. */
  readonly migrationsBehind: Map<number, number[]>;
  /** Of the migrations under way: the answers that brought them about, and the tasks that a hard dependency rules out. */
  migrationUpdates: readonly Update[];
  migrationsHardFailed: readonly number[];
  /** What was wanted as a hard dependency is forgotten when they are over. */
  forgetsWantedHard: boolean;
  readonly running: Map<number, RunningTask>;

  /** Stamps by number of their `StampFile`. Replaced whole, never changed. */
  readonly stamps: (readonly StampTime[] | undefined)[];
  /** How many stamp files of the builder are of no task of this plan: of other versions, or other targets. */
  readonly unplannedStamps: number;
  /** Those, made when they are first asked for; and those of them that were removed. */
  otherVersions: StampIndex | undefined;
  readonly removedStamps: Set<string>;
  readonly manifests: Set<string>;
  /** Memo of "recursively current": 0 unknown, 1 current, 2 not current. Lasts for the build (runqueue.md section 5). */
  readonly currentMemo: Uint8Array;

  /** Of setscene tasks: `COVERED`, `NOT_COVERED`; 0 is undecided. */
  readonly decision: Uint8Array;
  undecided: number;
  /** How many dependents are, or lead up to, a setscene task that is undecided, covered, not covered. */
  readonly undecidedAbove: Int32Array;
  readonly coveredAbove: Int32Array;
  readonly notCoveredAbove: Int32Array;
  readonly processed: Uint8Array;
  /** How many dependents are not processed. */
  readonly unprocessedAbove: Int32Array;

  readonly noObject: Uint8Array;
  readonly valid: Uint8Array;
  readonly notNeeded: Uint8Array;
  /** All users are decided, or a hard dependent wants it. */
  readonly ready: Uint8Array;
  readonly setsceneStarted: Uint8Array;
  /** The setscene variant is running. */
  readonly setsceneRunning: Uint8Array;
  setsceneActive: number;
  /** Covered for a stamp, when it was last looked at. */
  readonly stampPresent: Uint8Array;
  /** The first setscene task with a recipe name and depid, at the start: what others are deferred to. */
  readonly representatives: Map<string, number>;
  /** It is this one's turn, and its object was found just now. */
  resumed: number | undefined;
  /** It is its turn, but its hard dependencies are not decided. */
  readonly waitsForHard: Uint8Array;
  readonly neededHard: Uint8Array;
  /** Deferred setscene task -> the task it waits for. */
  readonly deferred: Map<number, number>;
  /** The other way round; may list tasks that no longer wait. Ascending. */
  readonly deferredBehind: Map<number, readonly number[]>;
  /** Places in the setscene order of tasks whose turn it may be. */
  readonly setsceneTurn: IndexSet;
  /** Place in the setscene order where the next round begins. */
  setsceneCursor: number;
  setsceneDone: boolean;

  /** How many dependencies are not complete. */
  readonly incompleteBelow: Int32Array;
  readonly started: Uint8Array;
  readonly complete: Uint8Array;
  /** Passed over as covered: complete without having run or being current. */
  readonly passedOver: Uint8Array;
  /** Ranks of real tasks which may start. */
  readonly startable: IndexSet;
  active: number;
  /** Stamp base and hash of running real tasks, for bases that several tasks share. */
  readonly stampsInUse: Set<string>;

  completed: number;
  skipped: number;
  failed: number;
  /** A rehash calls for a task to run which was passed over: the build fails. */
  isBroken: boolean;
  pendingCheck: PendingCheck | undefined;
}

/** A build of this plan in this build directory, before its first step. @throws {PlanError} when there are no workers */
export function createState(plan: BuildPlan, builder: BuilderState, rules: BuildRules): BuildState {
  const { size } = plan;
  if (!(rules.workers === undefined || rules.workers >= 1))
    throw new PlanError(`workers: expected at least 1, found ${rules.workers}`);
  const hashes = plan.tids.map((tid) => rules.hashesOf(tid));
  const flags = (): Uint8Array => new Uint8Array(size);
  const taskhash = hashes.map((hash) => hash.taskhash);
  const depid = hashes.map((hash) => hash.depid);
  const stamps = plan.stampKeys.map((key) => builder.stamps.get(key)?.made);
  return {
    plan,
    builder,
    rules,
    workers: rules.workers ?? 1,
    depValid: rules.depValid ?? createDepValid(),
    sstateClass: rules.sstateClass ?? true,
    log: [],
    now: 0,
    phase: "new",
    endState: undefined,
    taskhash,
    depid,
    generated: { taskhash: [...taskhash], depid: [...depid] },
    unsent: new Map(),
    disputed: new Set(),
    hashEdges: undefined,
    updates: [],
    rehash: undefined,
    migrations: new Set(),
    migrationsDue: new Set(),
    covers: new Map(),
    migrationsBehind: new Map(),
    migrationUpdates: [],
    migrationsHardFailed: [],
    forgetsWantedHard: false,
    running: new Map(),
    stamps,
    unplannedStamps: builder.stamps.size - stamps.reduce((there, made) => there + (made === undefined ? 0 : 1), 0),
    otherVersions: undefined,
    removedStamps: new Set(),
    manifests: new Set(builder.manifests),
    currentMemo: flags(),
    decision: flags(),
    undecided: plan.setsceneCount,
    undecidedAbove: plan.undecidedAbove.slice(),
    coveredAbove: new Int32Array(size),
    notCoveredAbove: new Int32Array(size),
    processed: flags(),
    unprocessedAbove: Int32Array.from({ length: size }, (_, i) => degreeOf(plan.dependents, i)),
    noObject: flags(),
    valid: flags(),
    notNeeded: flags(),
    ready: flags(),
    setsceneStarted: flags(),
    setsceneRunning: flags(),
    setsceneActive: 0,
    stampPresent: flags(),
    representatives: new Map(),
    resumed: undefined,
    waitsForHard: flags(),
    neededHard: flags(),
    deferred: new Map(),
    deferredBehind: new Map(),
    setsceneTurn: new IndexSet(plan.setsceneCount),
    setsceneCursor: 0,
    setsceneDone: plan.setsceneCount === 0,
    incompleteBelow: Int32Array.from({ length: size }, (_, i) => degreeOf(plan.dependencies, i)),
    started: flags(),
    complete: flags(),
    passedOver: flags(),
    startable: new IndexSet(size),
    active: 0,
    stampsInUse: new Set(),
    completed: 0,
    skipped: 0,
    failed: 0,
    isBroken: false,
    pendingCheck: undefined,
  };
}

/** Tid of a task. */
export function tidOf(state: BuildState, task: number): Tid {
  return state.plan.tids[task] as Tid;
}

/** The hashes a task has now. */
export function hashesOfTask(state: BuildState, task: number): TaskHashes {
  return { taskhash: state.taskhash[task] as TaskHash, depid: state.depid[task] as DepId };
}

/** Whether another task may become active. */
export function hasFreeWorker(state: BuildState): boolean {
  return state.active + state.setsceneActive < state.workers;
}

/** Whether a task is held to be covered at this moment (runqueue.md section 8). */
export function isCovered(state: BuildState, task: number): boolean {
  if (state.processed[task] === 0 || isNotCovered(state, task)) return false;
  return state.plan.setscene[task] === 1
    ? ((state.decision[task] as number) & COVERED) !== 0
    : (state.coveredAbove[task] as number) > 0;
}

/** Whether a task is held to be not covered at this moment. One user which is not covered outweighs all others. */
export function isNotCovered(state: BuildState, task: number): boolean {
  const { plan } = state;
  if (state.processed[task] === 0) return false;
  if (plan.setscene[task] === 1) return ((state.decision[task] as number) & NOT_COVERED) !== 0;
  return (state.notCoveredAbove[task] as number) > 0 || plan.cantSkip[task] === 1 || plan.unskippable[task] === 1;
}
