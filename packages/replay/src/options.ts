import type { BuildPlan, BuildSummary, ReleaseRules, TaskHashes } from "@depid/runqueue";
import type { HistoryStep, OutHashExtra, TaskGraph } from "@depid/task-graph";
import type { EquivalenceService } from "./equivalence-service.ts";
import type { BuildOutcome } from "./measure/build-outcome.ts";
import type { BuildTime, Counts, Fates, SecondsOf } from "./measure/fates.ts";
import type { Decision } from "./outcomes/decisions.ts";
import type { Irreproducible } from "./outcomes/irreproducible.ts";
import type { OutcomeChain } from "./outcomes/outcome-chain.ts";
import type { Policy } from "./policies/policy.ts";
import type { BytesOf } from "./run/pruning.ts";
import type { BuilderKind, Topology } from "./topology/topology.ts";
import type { UnseenDeps } from "./truth/truth.ts";

export interface ReplayOptions {
  readonly policies: readonly Policy[];
  /**
   * What became of tasks in the clairvoyant's build of a builder in a step (`Fates.codes`), from who replays it elsewhere. Then it must not be among the
   * policies. Default: it is replayed here, with them.
   */
  readonly neededIn?: (step: HistoryStep, builder: string) => Promise<Uint8Array>;
  /** What is known of outputs. */
  readonly outcomes: OutcomeChain;
  readonly service: EquivalenceService;
  /** Begins the policies' name spaces on the server; must be new to the server. No white space. */
  readonly namespace: string;
  readonly builder: BuilderKind;
  /** Who builds, with which servers and caches; then `builder` says nothing. Default: one builder, with a server and a cache. */
  readonly topology?: Topology;
  /** Who builds under one policy, where that is another topology: with the same builders. */
  readonly topologyOf?: (policy: Policy) => Topology | undefined;
  /** Bytes of sstate objects, which caches need that are pruned by size. Default: none are known. */
  readonly bytesOf?: BytesOf;
  /** BB_NUMBER_THREADS of the simulated builds. */
  readonly workers: number;
  /** Decides the random UUIDs of nostamp tasks. */
  readonly seed: number;
  /** Rules of the release of BitBake. Default: the newest. */
  readonly release?: ReleaseRules;
  /** What outhashes hold beside the output. Default: what the history says; OE-Core's if it says nothing. */
  readonly outhashExtra?: OutHashExtra;
  /** Names of tasks whose output names its own hash, with `do_`. Default: none. */
  readonly unique?: ReadonlySet<string>;
  /** Tasks that are not reproducible. Default: none. */
  readonly irreproducible?: Irreproducible;
  /** Dependencies that pass through a task's output, where the output hash does not see them. Default: none. */
  readonly unseenDeps?: UnseenDeps;
  /** Seconds that tasks take, for builds in time and for sums. Default: none are known, and each task of a build takes one. */
  readonly secondsOf?: SecondsOf;
  /** Whether each build is simulated step by step, with all its events. Default: only where the running build may change its mind. */
  readonly stepwise?: boolean;
  /** Whether it is found out what was executed for the timing of answers alone, which takes another build. Default: it is; otherwise `timing` is 0. */
  readonly countsTiming?: boolean;
  /** Builds each step so often again from the same state, each time varied, for an envelope around it. Default: never. */
  readonly samples?: number;
  /** How far the durations of samples stray. Default: 0.3. */
  readonly spread?: number;
  /** Sees each build when it is done, in the order of steps; in each, that of the clairvoyant, and then those of the policies in their order. */
  readonly onBuild?: (build: ReplayedBuild) => void | Promise<void>;
  /** Called before each build, which waits for it: the place to let a terminal or a signal have its turn. */
  readonly onProgress?: (progress: ReplayProgress) => void | Promise<void>;
  /** Aborts between builds. */
  readonly signal?: AbortSignal;
}

export interface ReplayProgress {
  readonly step: number;
  readonly steps: number;
  readonly policy: string;
  /** Builds done, and builds in all. */
  readonly done: number;
  readonly builds: number;
}

/** One build of a replay. */
export interface ReplayedBuild {
  readonly step: HistoryStep;
  /** Name of the builder; "" where no topology was asked for. */
  readonly builder: string;
  readonly policy: Policy;
  readonly graph: TaskGraph;
  /** What decided the outcomes of the step. */
  readonly decided: readonly Decision[];
  /** Of all builds of the step. */
  readonly plan: BuildPlan;
  readonly outcome: BuildOutcome;
  readonly fates: Fates;
  /** What became of tasks in the clairvoyant's build of this step. */
  readonly needed: Fates;
  /** What would have become of them had each task waited for all answers below it; where nobody counts that, or asks a server, as it went. */
  readonly patient: Fates;
  /** The hashes that tasks have when the build begins, by place in the plan. To be asked before the next build. */
  readonly hashesOf: (task: number) => TaskHashes;
  /** Whether what is held of a task is not what a clean build has; by place in the plan. To be asked before the next build. */
  readonly isStale: (task: number) => boolean;
  readonly counts: Counts;
  /** If durations are known. */
  readonly time?: BuildTime;
  /** The same step built again, each time varied: durations, and the order of equals. */
  readonly samples: readonly BuildSummary[];
}
