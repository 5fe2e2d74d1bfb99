import { formatDuration } from "@depid/durations";
import type { MeasuredPolicy } from "../result.ts";
import { formatCount, formatShare } from "./figures.ts";

/** What a policy costs over all steps but the first. */
export interface Cost {
  readonly tasks: number;
  /** Serial seconds of executing and, where that is known, restoring; `undefined` if durations are not known. */
  readonly seconds: number | undefined;
}

export function costOf({ sum, time }: MeasuredPolicy): Cost {
  const { serial } = time?.sum ?? {};
  return { tasks: sum.executed, seconds: serial === undefined ? undefined : serial.executed + serial.restored };
}

/** `42,430 tasks, 310 h` */
export function formatCost({ tasks, seconds }: Cost, word = ""): string {
  const name = word === "tasks" && tasks === 1 ? "task" : word;
  const count = `${formatCount(tasks)}${name === "" ? "" : ` ${name}`}`;
  return seconds === undefined ? count : `${count}, ${formatDuration(seconds)}`;
}

/** `saves 14,671 tasks (26%) and 118 h (25%)`, or what it costs more. */
export function compareCosts(before: Cost, after: Cost): string {
  const tasks = differenceOf(before.tasks, after.tasks, (n) => `${formatCount(n)} ${n === 1 ? "task" : "tasks"}`);
  if (before.seconds === undefined || after.seconds === undefined) return tasks.text ?? "saves nothing";
  const time = differenceOf(before.seconds, after.seconds, formatDuration);
  if (tasks.text === undefined && time.text === undefined) return "saves nothing";
  if (tasks.text === undefined) return `as many tasks, ${time.text}`;
  if (time.text === undefined) return `${tasks.text}, no time`;
  return tasks.saves === time.saves ? `${tasks.text} and ${time.amount}` : `${tasks.text} but ${time.text}`;
}

function differenceOf(before: number, after: number, format: (amount: number) => string) {
  const saves = after < before;
  const share = before > 0 ? ` (${saves ? "" : "+"}${formatShare(Math.abs(before - after), before)})` : "";
  const amount = `${format(Math.abs(before - after))}${saves ? "" : " MORE"}${share}`;
  return { saves, amount, text: before === after ? undefined : `${saves ? "saves" : "costs"} ${amount}` };
}
