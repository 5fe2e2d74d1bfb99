import { type History, type HistoryStep, type Task, TaskGraph } from "@depid/task-graph";
import { OutcomeChain } from "./outcome-chain.ts";
import { type OwnChange, pessimistic } from "./outcome-model.ts";
import { Contents } from "./truth.ts";

/** A step with the changes of tasks' own inputs in it: what a chain of outcomes is asked in a replay, in the same order. */
export interface StepChanges {
  readonly step: HistoryStep;
  readonly changes: readonly OwnChange[];
  /** The state of the step; it goes on with the next. */
  readonly graph: TaskGraph;
}

/**
 * The changes that need an outcome, step by step. New tasks are none, and neither are another name of the same dependencies and a change back to own inputs
 * that were there before.
 */
export async function* findOwnChanges({ steps }: History): AsyncGenerator<StepChanges> {
  const graph = new TaskGraph([]);
  let changes: OwnChange[] = [];
  const recorder = { name: "asked", outcomeOf: (change: OwnChange) => void changes.push(change) };
  const contents = new Contents(graph, new OutcomeChain([recorder], pessimistic));
  for (const step of steps) {
    changes = [];
    const before = [...step.change.remove, ...step.change.upsert.map(({ tid }) => tid)]
      .map((tid) => graph.find(tid))
      .filter((row): row is Task => row !== undefined);
    graph.apply(step.change);
    await contents.apply(step, before);
    yield { step, changes, graph };
  }
}
