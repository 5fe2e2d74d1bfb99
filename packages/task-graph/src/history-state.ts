import type { HistoryHeader, HistoryStep } from "./history.ts";
import type { SettingsInForce } from "./settings-in-force.ts";
import type { Task } from "./task.ts";

/** The whole state at one step of a history. */
export interface HistoryState extends Pick<HistoryStep, "step" | "id" | "date" | "commits"> {
  readonly settings: SettingsInForce;
  /** By code point of the tid. */
  readonly tasks: readonly Task[];
}

/** States of a history that were asked for, in the order asked. */
export interface HistoryStates {
  readonly header: HistoryHeader;
  /** `undefined`: there is no such step. */
  readonly states: readonly (HistoryState | undefined)[];
  /** Steps that were read: all, if one that was asked for is not there. */
  readonly steps: number;
}

/** Digits of a number of a step, at most: more begin the id of a commit, as do other words. */
const NUMBER = /^\d{1,6}$/;
/** Digits of a commit's id, at least. */
const ID = 7;

/** Whether a name is that of a step: its number, or the beginning of its commit's id, or more of that than the history has. */
export function isStep(name: string, { step, id }: Pick<HistoryStep, "step" | "id">): boolean {
  if (NUMBER.test(name)) return Number(name) === step;
  return name.length >= ID && id !== "" && (id.startsWith(name) || name.startsWith(id));
}
