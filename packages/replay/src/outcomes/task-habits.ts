import { compileShellPattern } from "@depid/sstate";
import type { EvidentOutcome } from "./outcome-model.ts";

/** What tasks of OE-Core leave, whatever changed in them: a guess by the task's name. */
export interface TaskHabit {
  /** Shell pattern for the task name. */
  readonly task: string;
  readonly outcome: EvidentOutcome;
  readonly kind: string;
  readonly why: string;
}

/** The first that matches counts. Docs: docs/formats.md, drafts of labels. */
export const TASK_HABITS: readonly TaskHabit[] = [
  {
    task: "do_create_*spdx",
    outcome: "contained",
    kind: "SPDX documents",
    why: "they list versions, patches and checksums; other recipes refer to them by an alias without these",
  },
  { task: "do_*_qa", outcome: "neutral", kind: "a QA task", why: "QA checks outputs and makes none" },
];

const compiled = TASK_HABITS.map((habit) => ({ habit, pattern: compileShellPattern(habit.task) }));

export function findTaskHabit(task: string): TaskHabit | undefined {
  return compiled.find(({ pattern }) => pattern.test(task))?.habit;
}
