import type { DepId, TaskHash, Tid } from "@depid/hash";
import type { StampVariant } from "@depid/sstate";
import type { TaskHashes } from "./task-hashes.ts";

/** Why a setscene task is covered. */
export type CoveredWhy =
  /** There is nothing to restore. */
  | "noexec"
  /** Its setscene stamp exists, or its real task is current with all below it. Found before anything runs. */
  | "stamp-current"
  /** All its users are covered, and none of them needs it. */
  | "not-needed"
  /** Its setscene stamp exists. Found when it was its turn. */
  | "setscene-stamp-current"
  | "restored";

/** Why a setscene task is not covered. */
export type NotCoveredWhy =
  | "no-object"
  /** Its real task is current: it will be passed over, but what it covers is not covered by it. */
  | "task-stamp-current"
  | "forced-target"
  | "hard-dependency-failed"
  | "skip-setscene-option"
  /** It had waited for another with the same hash, and that one left no object. */
  | "deferred-not-valid"
  | "restore-failed";

/** Why what a build reuses may have another content than a clean build would make (runqueue.md section 14). */
export type UnsoundWhy =
  /** The task made another output than the one that is kept under its depid: what depends on it is not built again. */
  | "other-output"
  /** The server was told of an equivalence that follows from no output: that of a remap. */
  | "equivalence-unseen"
  /** Tasks of two recipes have the same taskhash: the first one reported decides for both. */
  | "taskhash-shared";

/** Why a real task is passed over. */
export type SkipWhy = "covered" | "existing";

/** Why a real task failed: by itself, or since BB_SETSCENE_ENFORCE allows only listed tasks to run. */
export type FailWhy = "task-failed" | "enforced";

/** How a build ended. `CRASHED`: BitBake ends with an exception there. */
export type EndState = "COMPLETE" | "FAILED" | "CRASHED";

/**
 * One decision of a build, or what came of one. `at` is milliseconds of virtual time since the build began. All reports are
 * made from the log of these.
 */
export type BuildEvent =
  | {
      readonly type: "planned";
      readonly at: number;
      readonly tasks: number;
      readonly setscene: number;
      readonly workers: number;
    }
  /** A setscene task waits for another of the same recipe name and depid. */
  | { readonly type: "deferred"; readonly at: number; readonly tid: Tid; readonly to: Tid }
  /** The hash validation function was asked. `recheck` lists the tasks looked at again, for stamps too, without those looked at in vain. */
  | {
      readonly type: "checked";
      readonly at: number;
      readonly asked: readonly { readonly tid: Tid; readonly depid: DepId }[];
      readonly found: readonly Tid[];
      /** Tasks not asked for, since they have a stamp. */
      readonly current: number;
      readonly recheck: readonly Tid[] | undefined;
    }
  /** Stamps of other hashes were deleted with the outputs they stood for. Once per configuration. */
  | {
      readonly type: "stale-removed";
      readonly at: number;
      readonly config: string;
      readonly stamps: readonly string[];
    }
  | {
      readonly type: "depvalid";
      readonly at: number;
      readonly tid: Tid;
      readonly users: readonly Tid[];
      readonly needed: boolean;
    }
  | { readonly type: "setscene-covered"; readonly at: number; readonly tid: Tid; readonly why: CoveredWhy }
  | { readonly type: "setscene-notcovered"; readonly at: number; readonly tid: Tid; readonly why: NotCoveredWhy }
  | {
      readonly type: "started";
      readonly at: number;
      readonly tid: Tid;
      readonly variant: StampVariant;
      readonly taskhash: TaskHash;
      readonly depid: DepId;
      /** There is nothing to execute: the task is only stamped. */
      readonly noexec: boolean;
      /** Nothing is executed, stamped or stored: `-n`, or BB_SETSCENE_ENFORCE. */
      readonly dry: boolean;
    }
  | { readonly type: "finished"; readonly at: number; readonly tid: Tid; readonly variant: StampVariant }
  /** A real task failed. A setscene task that fails is `setscene-notcovered`. */
  | { readonly type: "failed"; readonly at: number; readonly tid: Tid; readonly why: FailWhy }
  | { readonly type: "skipped"; readonly at: number; readonly tid: Tid; readonly why: SkipWhy }
  /** What an sstate task made was reported. `adopted`: the object and the stamp bear the answer, not what was sent. */
  | {
      readonly type: "reported";
      readonly at: number;
      readonly tid: Tid;
      readonly taskhash: TaskHash;
      readonly sent: DepId;
      readonly answer: DepId;
      readonly adopted: boolean;
    }
  | {
      readonly type: "stored";
      readonly at: number;
      readonly tid: Tid;
      readonly depid: DepId;
      /** Name of the object. */
      readonly object: string;
      readonly how: "new" | "kept";
    }
  /** A task is known by another depid from now on: the one answered to its report, or to that of the task it was deferred to. */
  | {
      readonly type: "updated";
      readonly at: number;
      readonly tid: Tid;
      readonly taskhash: TaskHash;
      readonly from: DepId;
      readonly to: DepId;
      /** The task that was answered. */
      readonly answered: Tid;
    }
  /** A task's hashes changed. `because`: the dependencies whose depids did. Hashes that nobody ever had are not computed, and both are "". */
  | {
      readonly type: "rehashed";
      readonly at: number;
      readonly tid: Tid;
      readonly before: TaskHashes;
      readonly after: TaskHashes;
      readonly because: readonly Tid[];
    }
  /**
   * A task's hashes changed after it was restored, or as it is being restored: the server is told that its new taskhash has the depid of what is
   * restored. The task keeps its hashes.
   */
  | {
      readonly type: "remapped";
      readonly at: number;
      readonly tid: Tid;
      readonly taskhash: TaskHash;
      /** The depid restored, the one that the server had for the taskhash, and the one that it has now. */
      readonly wanted: DepId;
      readonly current: DepId;
      readonly answer: DepId;
      readonly because: readonly Tid[];
    }
  /** A setscene task with a new hash is undecided again: its stamps and its object are looked at. */
  | { readonly type: "migrated"; readonly at: number; readonly tid: Tid }
  /** That has to wait for a running task which it covers. */
  | { readonly type: "migration-waits"; readonly at: number; readonly tid: Tid; readonly until: Tid }
  /** It is too late for that: the task runs or ran, or is being restored. */
  | { readonly type: "migration-dropped"; readonly at: number; readonly tid: Tid }
  /** Fatal: `task`, which it covers, was passed over as covered and would have to run now. */
  | { readonly type: "migration-impossible"; readonly at: number; readonly tid: Tid; readonly task: Tid }
  /** All that came of one or several answers was decided. */
  | {
      readonly type: "rehash-ended";
      readonly at: number;
      readonly updates: readonly { readonly tid: Tid; readonly depid: DepId }[];
      /** Setscene tasks that wait to be looked at again. */
      readonly pending: readonly Tid[];
    }
  /** What is reused from here on may be wrong, and nobody would notice (runqueue.md section 14). */
  | { readonly type: "unsound"; readonly at: number; readonly tid: Tid; readonly why: UnsoundWhy }
  /**
   * BitBake would not end: with `-k`, a task that BB_SETSCENE_ENFORCE forbids is tried again for ever (runqueue.md section 11). What runs
   * is waited for, and the build is over.
   */
  | { readonly type: "endless"; readonly at: number; readonly tid: Tid }
  /** Nothing else can run: a deferred task no longer waits. BitBake warns of a deadlock. */
  | { readonly type: "undeferred"; readonly at: number; readonly tid: Tid; readonly from: Tid }
  | { readonly type: "ended"; readonly at: number; readonly state: EndState };

/** One line per event. */
export function formatEvent(event: BuildEvent): string {
  return `${event.at}ms  ${describe(event)}`;
}

function describe(event: BuildEvent): string {
  switch (event.type) {
    case "planned":
      return `plan     ${event.tasks} tasks, ${event.setscene} setscene, ${event.workers} workers`;
    case "deferred":
      return `defer    ${event.tid} until ${event.to} is complete`;
    case "checked":
      return `check    ${event.found.length} of ${event.asked.length} objects found, ${event.current} tasks current`;
    case "stale-removed":
      return `stale    ${event.stamps.length} stamps removed: ${event.stamps.join(" ")}`;
    case "depvalid":
      return `${event.needed ? "needed  " : "unneeded"} ${event.tid} by ${event.users.join(" ")}`;
    case "setscene-covered":
      return `covered  ${event.tid} (${event.why})`;
    case "setscene-notcovered":
      return `notcov   ${event.tid} (${event.why})`;
    case "started":
      return `${event.variant === "setscene" ? "restore " : "run     "} ${event.tid}${noteOf(event)}`;
    case "finished":
      return `done     ${event.tid}${event.variant === "setscene" ? " (setscene)" : ""}`;
    case "failed":
      return `FAILED   ${event.tid} (${event.why})`;
    case "skipped":
      return `skip     ${event.tid} (${event.why})`;
    case "reported":
      return `report   ${event.tid} ${event.taskhash}: sent ${event.sent}, answered ${event.answer}`;
    case "stored":
      return `store    ${event.tid} ${event.object} (${event.how})`;
    case "updated":
      return `update   ${event.tid} ${event.from} -> ${event.to}, as answered to ${event.answered}`;
    case "rehashed":
      return `rehash   ${event.tid} ${event.before.depid || "unseen"} -> ${event.after.depid || "unseen"}, because of ${event.because.join(" ")}`;
    case "remapped":
      return `remap    ${event.tid} ${event.taskhash} as ${event.wanted}, answered ${event.answer}`;
    case "migrated":
      return `migrate  ${event.tid}`;
    case "migration-waits":
      return `migrate  ${event.tid} when ${event.until} is done`;
    case "migration-dropped":
      return `migrate  ${event.tid}: too late`;
    case "migration-impossible":
      return `FATAL    ${event.task} was passed over as covered by ${event.tid}, and would have to run now`;
    case "rehash-ended":
      return `rehashed after ${event.updates.length} answers, ${event.pending.length} tasks pending`;
    case "unsound":
      return `UNSOUND  ${event.tid} (${event.why})`;
    case "endless":
      return `ENDLESS  ${event.tid} may not run, and BitBake would try it for ever`;
    case "undeferred":
      return `force    ${event.tid}, though ${event.from} is not complete`;
    case "ended":
      return `end      ${event.state}`;
    default:
      return unreachable(event);
  }
}

function noteOf({ noexec, dry }: { readonly noexec: boolean; readonly dry: boolean }): string {
  return noexec ? " (noexec)" : dry ? " (dry run)" : "";
}

function unreachable(value: never): never {
  throw new Error(`unknown event ${JSON.stringify(value)}`);
}
