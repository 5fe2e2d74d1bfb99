import {
  fatesOf,
  type MeasuredPolicy,
  NeedlessTally,
  type NeedlessWork,
  type OutcomeDecisions,
  type ReplayOptions,
  type ReplayResult,
  replayHistory,
  StaleWatch,
  singleBuilder,
  type TaskFate,
  type TopologyBuilder,
  type Unsound,
} from "@depid/replay";
import type { RecordedBuild } from "@depid/run-document";
import type { ExecutedBuilds } from "../execute/executed-builds.ts";
import { Backlog } from "../jobs/in-order.ts";
import type { PreparedReplay } from "./prepare-replay.ts";

/** A part of a replay: some of its policies, in one thread. */
export interface PartOptions
  extends Pick<
    ReplayOptions,
    "policies" | "outcomes" | "service" | "namespace" | "onProgress" | "neededIn" | "signal"
  > {
  /** Does builds in earnest, each when it is simulated. Default: nobody does. */
  readonly builds?: Pick<ExecutedBuilds, "do"> | undefined;
  /** Hears what is needed in a builder's build of a step, as soon as it is known; if the clairvoyant is replayed in this part. */
  readonly onNeeded?: (turn: string, codes: Uint8Array) => void;
  /** Takes what became of each task of a build; the replay goes on meanwhile, unless much is not taken yet. Default: nobody asks. */
  readonly onFates?: (fates: BuildFates) => Promise<void>;
  /** Whether what is told of a build has its record too. Default: no. */
  readonly records?: boolean;
}

/** What became of each task of a build. */
export interface BuildFates {
  /** Tells it apart from all other builds of the replay. */
  readonly name: string;
  readonly rows: readonly TaskFate[];
  /** If it was asked for. */
  readonly recorded?: RecordedBuild;
}

/** What is found of the policies of a part: plain data. */
export interface PolicyFindings {
  readonly policies: readonly MeasuredPolicy[];
  readonly needless: readonly NeedlessWork[];
  readonly unsound: readonly Unsound[];
}

/** What is found of the history, whatever the policies. */
export interface HistoryFindings extends Pick<ReplayResult, "steps"> {
  readonly decisions: OutcomeDecisions;
}

/** Replays some policies, and keeps of each build what a report tells. */
export async function replayPart(
  { history, options, knownSecondsOf }: PreparedReplay,
  { onNeeded, onFates, builds, records = false, ...part }: PartOptions,
): Promise<PolicyFindings & HistoryFindings> {
  const needless = new NeedlessTally(options.secondsOf);
  const stale = new StaleWatch();
  const backlog = new Backlog();
  // Who asks for no record loads nothing of what makes one.
  const record = records ? (await import("@depid/run-document")).recordBuild : undefined;
  let told = "";
  const { steps, policies, decisions } = await replayHistory(history, {
    ...options,
    ...part,
    ...(builds === undefined ? {} : { stepwise: true }),
    async onBuild(build) {
      const { step, builder, policy, needed } = build;
      const turn = nameOfTurn(step.step, builder);
      if (onNeeded !== undefined && told !== turn) onNeeded(turn, needed.codes);
      told = turn;
      needless.add(build);
      stale.add(build);
      if (builds !== undefined && part.policies.includes(policy)) await builds.do(build, builderOf(options, builder));
      if (onFates === undefined || !part.policies.includes(policy)) return;
      const rows = fatesOf(build, knownSecondsOf);
      const recorded = record === undefined ? {} : { recorded: record(build, rows, knownSecondsOf) };
      await backlog.add(onFates({ name: nameOfBuild(turn, policy.name), rows, ...recorded }));
    },
  });
  await backlog.end();
  return {
    steps,
    decisions,
    policies,
    needless: needless.of(policies.map((it) => it.name)),
    unsound: stale.of(policies),
  };
}

/** The builder of a name. */
function builderOf({ topology, builder }: PreparedReplay["options"], name: string): TopologyBuilder {
  return (topology ?? singleBuilder(builder)).builders.find((it) => it.name === name) as TopologyBuilder;
}

/** @returns a name for what all policies build at a time: a step, by a builder ("" without a topology) */
export function nameOfTurn(step: number, builder: string): string {
  return `${step} ${builder}`;
}

/** @returns a name for a build of a replay */
export function nameOfBuild(turn: string, policy: string): string {
  return `${turn} ${policy}`;
}
