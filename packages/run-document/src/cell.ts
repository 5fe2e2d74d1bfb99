import { FATES, type TaskFate } from "@depid/replay";

/** What became of a task in one build, and what decided it: the same words as in the table `fates` (docs/formats.md). */
export interface Cell extends Pick<TaskFate, "fate" | "needless" | "stale"> {
  /** Needless, and executed only because of when the server's answers came. */
  readonly timing: boolean;
  /** What decided. */
  readonly why: string;
}

/** All that can be counted of cells: the names of the counts of a replay. */
export const countedAs = {
  ...(Object.fromEntries(FATES.map((fate) => [fate, (cell: Cell) => cell.fate === fate])) as Record<
    (typeof FATES)[number],
    (cell: Cell) => boolean
  >),
  needless: (cell: Cell) => cell.needless,
  timing: (cell: Cell) => cell.timing,
  avoided: (cell: Cell) => cell.fate !== "executed" && cell.fate !== "noexec",
  stale: (cell: Cell) => cell.stale,
} as const;

/** A text for each cell, other cells having others. */
export function keyOfCell({ fate, needless, timing, stale, why }: Cell): string {
  return [fate, needless, timing, stale, why].join(" ");
}
