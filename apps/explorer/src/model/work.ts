import { chooseUnit, type TimeUnit } from "@depid/replay";
import type { ReplayDocument } from "@depid/replay/documents";
import type { Unit } from "../state/state.ts";

/** What a step cost under a policy, in what bars are made of: these add up to all that was executed and restored. */
export interface Work {
  readonly needed: number;
  /** Needless for another reason than timing. */
  readonly needless: number;
  readonly timing: number;
  readonly restored: number;
  /** Not part of the bar: what was reused and is wrong, in tasks. */
  readonly stale: number;
}

export const WORK_PARTS = ["needed", "needless", "timing", "restored"] as const;

/**
 * In time or tasks, for each step. Restoring whose seconds nobody knows takes no part of a bar.
 *
 * @param length of the unit of time, in seconds
 */
export function workOf(policy: ReplayDocument["policies"][number], unit: Unit, length: number): readonly Work[] {
  return policy.steps.map((counts, step) => {
    const serial = policy.time?.steps[step]?.serial;
    const of = unit === "time" && serial !== undefined ? inUnits(serial, length) : counts;
    const { executed, needless, timing, restored } = of;
    return { needed: executed - needless, needless: needless - timing, timing, restored, stale: counts.stale };
  });
}

export function totalOf(work: Work): number {
  return WORK_PARTS.reduce((sum, part) => sum + work[part], 0);
}

type Serial = NonNullable<ReplayDocument["policies"][number]["time"]>["sum"]["serial"];

function inUnits(serial: Serial, length: number): Record<"executed" | "needless" | "timing" | "restored", number> {
  return {
    executed: serial.executed / length,
    needless: serial.needless / length,
    timing: serial.timing / length,
    restored: (serial.restored ?? 0) / length,
  };
}

/** The step in which most was executed needlessly, the first one left out; the last step where none was. */
export function costliestStep(policy: ReplayDocument["policies"][number] | undefined): number {
  if (policy === undefined) return 0;
  const cost = policy.steps.map((counts, step) => policy.time?.steps[step]?.serial.needless ?? counts.needless);
  let most = policy.steps.length - 1;
  for (let step = 1; step < cost.length; step++) if ((cost[step] ?? 0) > (cost[most] ?? 0)) most = step;
  return most;
}

/** The unit that fits the sums of a report: hours of an image, seconds of a sketch. */
export function timeUnitOf({ policies }: ReplayDocument): TimeUnit {
  return chooseUnit(policies.flatMap(({ time }) => (time === undefined ? [] : [time.sum.serial.executed])));
}
