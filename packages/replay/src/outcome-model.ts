import type { HistoryStep, Task } from "@depid/task-graph";

/**
 * What a change of a task's own inputs does (design, section 3): nothing to any output (`neutral`), something to outputs of the
 * recipe itself but to no dependent's (`contained`), or something that reaches the outputs of dependents (`propagating`).
 */
export type Outcome = "neutral" | "contained" | "propagating";

/** The change of one task's own inputs: metadata, files, taint or list of dependencies. New tasks are no changes. */
export interface OwnChange {
  readonly step: Pick<HistoryStep, "step" | "id" | "commits">;
  readonly before: Task;
  readonly after: Task;
}

/** Says what changes do to outputs, so that outputs are known without building. */
export interface OutcomeModel {
  readonly name: string;
  outcomeOf(change: OwnChange): Outcome;
}

/** Each change of a task's own inputs changes its output and propagates. */
export const pessimistic: OutcomeModel = { name: "pessimistic", outcomeOf: () => "propagating" };

/** No change changes any output. */
export const neutral: OutcomeModel = { name: "neutral", outcomeOf: () => "neutral" };
