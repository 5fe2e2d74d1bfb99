import type { Tid } from "@depid/hash";
import type { BuildPlan, BuildWorld, DepValid, DirectMemo, StampNumbering } from "@depid/runqueue";
import type { TaskGraph } from "@depid/task-graph";
import type { EquivalenceService } from "../equivalence-service.ts";
import type { SecondsTable } from "../measure/task-seconds.ts";
import type { OutHashExtra } from "../outhash-extra.ts";
import type { BuilderKind } from "../topology/topology.ts";
import type { Runs } from "../truth/run-mark.ts";
import type { BuilderContents } from "../truth/truth.ts";
import type { ObjectNumbers } from "./object-numbers.ts";
import type { SignatureBook } from "./signature-book.ts";

/** What all policies of a replay share. */
export interface RunOptions {
  readonly graph: TaskGraph;
  readonly contents: BuilderContents;
  readonly service: EquivalenceService;
  /** Signatures that policies share. */
  readonly book: SignatureBook;
  /** Numbers of stamps, for all build directories. */
  readonly numbering: StampNumbering;
  /** Direct builds that policies have in common. */
  readonly memo: DirectMemo;
  /** Numbers of objects, for all caches. */
  readonly objects: ObjectNumbers;
  /** As in `ReplayOptions`. */
  readonly stepwise?: boolean;
  /** Name space of the policy on the server. */
  readonly method: string;
  readonly builder: BuilderKind;
  /** Whether others tell its server, too: then it may answer otherwise than after the builder's own last build. Default: no. */
  readonly sharesServer?: boolean;
  readonly workers: number;
  /** Default: each task takes a second. */
  readonly seconds?: SecondsTable | undefined;
}

/** One build to be done. */
export interface StepInputs {
  readonly plan: BuildPlan;
  /** Tasks whose rows changed since the builder built last, removed ones included. */
  readonly seeds: readonly Tid[];
  /** Tasks that have another truth since. */
  readonly truths: readonly Tid[];
  /** Taints of the nostamp tasks in this build. */
  readonly taints: ReadonlyMap<Tid, string>;
  readonly depValid: DepValid;
  /** What outhashes hold beside the output; `undefined`: nothing. */
  readonly extra: OutHashExtra | undefined;
  /** What comes of runs in this build. Absent: all tasks are reproducible. */
  readonly runs?: Runs | undefined;
}

/** The time that builds take: workers, and milliseconds of tasks. */
export function timingOf(
  { workers, seconds }: RunOptions,
  plan: BuildPlan,
): Pick<BuildWorld, "workers" | "durationOf"> {
  if (seconds === undefined) return { workers };
  const of = seconds.of(plan);
  return { workers, durationOf: (_row, variant, task) => Math.round(1000 * (of[variant][task] as number)) };
}
