import type { Traffic } from "../measure/traffic.ts";
import { KNOWN_UNSOUND } from "../policies/names.ts";
import { type Cost, costOf } from "../report/cost.ts";
import type { ReplayReport } from "../report/replay-report.ts";
import { findBaseline } from "../report/verdict.ts";
import type { MeasuredPolicy, ReplayResult } from "../result.ts";

/** One policy among others, over all steps but the first. */
export interface FrontierPoint {
  readonly policy: string;
  /** Tasks that were executed; serial seconds of executing and restoring. */
  readonly cost: Cost;
  /** What it costs less than the baseline; less than 0: more. `undefined` where there is no baseline. */
  readonly saved: Cost | undefined;
  readonly needless: Cost;
  /** Outputs that it reused wrongly. */
  readonly stale: number;
  readonly traffic: Traffic;
  /** Policies that are better in one of cost, needless work and stale reuse, and worse in none. */
  readonly dominatedBy: readonly string[];
  /** What it is held against, and what no build can have, are no choice. */
  readonly role: "choice" | "baseline" | "ideal";
}

export const FRONTIER_NOTES: readonly string[] = [
  "cost: serial time of executing and restoring; where no durations are known, tasks executed. Saved: against the baseline, which is basichash, or rebuild-all where that was not replayed.",
  "A policy is dominated by another that is better in one of cost, needless work and stale reuse, and worse in none. Those that none dominates are the frontier; the clairvoyant, which no build can have, dominates nobody.",
];

/** All policies of a replay, in the order asked for. */
export function frontierOf({ result }: Pick<ReplayReport, "result">): readonly FrontierPoint[] {
  const baseline = findBaseline(result);
  const figures = result.policies.map((policy) => ({ policy, measured: measuresOf(policy) }));
  return figures.map(({ policy, measured }) => ({
    policy: policy.name,
    cost: costOf(policy),
    saved: baseline && differenceOf(costOf(baseline), costOf(policy)),
    needless: { tasks: policy.sum.needless, seconds: policy.time?.sum.serial.needless },
    stale: policy.sum.stale,
    traffic: policy.traffic.sum,
    dominatedBy: isIdeal(policy)
      ? []
      : figures
          .filter((other) => !isIdeal(other.policy) && dominates(other.measured, measured))
          .map((other) => other.policy.name),
    role: isIdeal(policy) ? "ideal" : policy === baseline ? "baseline" : "choice",
  }));
}

/** What is compared: less is better in each. */
function measuresOf(policy: MeasuredPolicy): readonly number[] {
  const { tasks, seconds } = costOf(policy);
  return [seconds ?? tasks, policy.time?.sum.serial.needless ?? policy.sum.needless, policy.sum.stale];
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
  return a.every((it, i) => it <= (b[i] as number)) && a.some((it, i) => it < (b[i] as number));
}

/** How many builds the sums are of: all but those of the first step. */
export function buildsOf({ steps, policies }: ReplayResult): number {
  const builders = policies[0]?.builders;
  return builders === undefined ? Math.max(0, steps.length - 1) : builders.reduce((sum, it) => sum + it.builds, 0);
}

function isIdeal({ name }: MeasuredPolicy): boolean {
  return name === "clairvoyant";
}

/** What the second costs less than the first. */
export function differenceOf(before: Cost, after: Cost): Cost {
  return {
    tasks: before.tasks - after.tasks,
    seconds: before.seconds === undefined || after.seconds === undefined ? undefined : before.seconds - after.seconds,
  };
}

/** Whether a policy is known to reuse what is wrong, or did so here. */
export function isWrong({ policy, stale }: Pick<FrontierPoint, "policy" | "stale">): boolean {
  return stale > 0 || policy === KNOWN_UNSOUND;
}
