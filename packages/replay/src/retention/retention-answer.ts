import { formatDuration } from "@depid/durations";
import { formatCount, formatShare } from "../report/figures.ts";
import { formatByteSize } from "../topology/byte-size.ts";
import type { PruneRule } from "../topology/topology.ts";
import type { RetentionCost, RetentionCurve, RetentionPoint } from "./measure-retention.ts";

/** As much more is said to be hardly any. */
const HARDLY = 0.01;

/** What a rule is to people. */
export const RULE_WORDS: Readonly<Record<PruneRule["rule"], string>> = {
  lru: "what was used first goes first",
  size: "what was made first goes first",
  unused: "what nobody used for so many steps goes",
  age: "what was made so many steps ago goes",
};

/** How large a cache should be, by one curve. A sentence or two, with the figures that carry it. */
export function answerOf(curve: RetentionCurve): string {
  const { policy, all, points } = curve;
  const least = points
    .filter((it) => lossOf(it, all).share <= HARDLY)
    .toSorted((a, b) => a.most.bytes - b.most.bytes)[0];
  const smallest = points.filter((it) => it !== least).toSorted((a, b) => a.most.bytes - b.most.bytes)[0];
  const kept = `${policy}: all objects take ${formatByteSize(all.most.bytes)} and the builds cost ${formatCosts(all)}.`;
  const enough =
    least === undefined
      ? ` Every limit that was tried costs more than ${100 * HARDLY}% more.`
      : ` ${formatByteSize(least.most.bytes)} do as well, up to ${100 * HARDLY}%: ${formatLimit(least.rule)} (${formatLoss(least, all)}).`;
  const worst =
    smallest === undefined || smallest.most.bytes >= (least?.most.bytes ?? Number.POSITIVE_INFINITY)
      ? ""
      : ` With ${formatByteSize(smallest.most.bytes)}, ${formatLimit(smallest.rule)}: ${formatLoss(smallest, all)}.`;
  return `${kept}${enough}${worst}`;
}

/** `at most 12 GB, what was used first goes first` */
export function formatLimit(rule: PruneRule): string {
  if ("bytes" in rule) return `at most ${formatByteSize(rule.bytes)}, ${RULE_WORDS[rule.rule]}`;
  const steps = `${rule.steps} ${rule.steps === 1 ? "step" : "steps"}`;
  return rule.rule === "age" ? `what was made ${steps} ago goes` : `what nobody used for ${steps} goes`;
}

/** What is lost by keeping less: seconds if durations are known, and executed tasks. */
export function lossOf(point: Omit<RetentionPoint, "rule">, all: RetentionCost) {
  const tasks = point.executed - all.executed;
  if (point.seconds === undefined || all.seconds === undefined)
    return { tasks, seconds: undefined, share: all.executed === 0 ? 0 : tasks / all.executed };
  const seconds = point.seconds - all.seconds;
  return { tasks, seconds, share: all.seconds === 0 ? 0 : seconds / all.seconds };
}

function formatCosts({ executed, seconds }: RetentionCost): string {
  return `${formatCount(executed)} tasks${seconds === undefined ? "" : `, ${formatDuration(seconds)}`}`;
}

function formatLoss(point: RetentionPoint, all: RetentionCost): string {
  const { tasks, seconds } = lossOf(point, all);
  if (tasks === 0 && (seconds ?? 0) === 0) return "nothing lost";
  const whole = seconds === undefined ? all.executed : (all.seconds as number);
  const part = seconds ?? tasks;
  const share = whole > 0 ? `, ${formatShare(Math.abs(part), whole)}` : "";
  const ofTasks = `${formatCount(Math.abs(tasks))} tasks`;
  if (seconds === undefined) return `${verbOf(tasks)} ${ofTasks}${share}`;
  const ofTime = formatDuration(Math.abs(seconds));
  // More tasks may take less time, where restoring took longer than they do.
  if (tasks * seconds < 0) return `${verbOf(tasks)} ${ofTasks}, and ${verbOf(seconds)} ${ofTime}${share}`;
  return `${verbOf(part)} ${ofTasks}, ${ofTime}${share}`;
}

function verbOf(lost: number): string {
  return lost < 0 ? "saves" : "loses";
}
