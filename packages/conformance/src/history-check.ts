import { outsideReason } from "@depid/hash";
import { computeSignatures, createBasicHash, digestTaskHashes, type SignatureChange } from "@depid/siggen";
import { type History, HistoryError, type HistoryStep, TaskGraph } from "@depid/task-graph";
import { AGREES, type Verdict } from "./verdict.ts";

/**
 * Compares the taskhashes of every step with what the recording expects, hashed from step to step, and those of the last
 * step hashed anew as well. Depids are the taskhashes.
 *
 * @param source what the history came from, for messages
 * @throws {HistoryError} when a change does not fit the state it is applied to
 */
export async function checkHistory(history: History, source: string): Promise<Verdict> {
  const graph = new TaskGraph([]);
  const signatures = await computeSignatures(graph, createBasicHash());
  for (const step of history.steps) {
    applyStep(graph, step, source);
    const { change, expect } = step;
    const changes = await signatures.update([...change.upsert.map((task) => task.tid), ...change.remove]);
    const difference =
      differenceIn(step, "tasks", expect.tasks, graph.size) ??
      differenceIn(step, "taskhashes", expect.taskhashes, digestTaskHashes(graph, signatures)) ??
      differenceIn(step, "changed", expect.changed, changes.filter(isHashedOtherwise).length);
    if (difference !== undefined) return { verdict: "differs", difference };
  }
  const last = history.steps.at(-1);
  if (last === undefined) return AGREES;
  const anew = digestTaskHashes(graph, await computeSignatures(graph, createBasicHash()));
  const difference = differenceIn(last, "taskhashes, all hashed anew", last.expect.taskhashes, anew);
  return difference === undefined ? AGREES : { verdict: "differs", difference };
}

function applyStep(graph: TaskGraph, { step, change }: HistoryStep, source: string): void {
  try {
    graph.apply(change);
  } catch (cause) {
    const line = step + 2; // behind the header, counted from 1
    throw new HistoryError(source, line, outsideReason(cause), { cause });
  }
}

/** Whether a task was there before and after, with another taskhash. */
function isHashedOtherwise({ before, after }: SignatureChange): boolean {
  return before !== undefined && after !== undefined && before.taskhash !== after.taskhash;
}

/** @param expected absent when the recording says nothing of the field */
function differenceIn<T>(step: HistoryStep, field: string, expected: T | undefined, found: T): string | undefined {
  if (expected === undefined || expected === found) return undefined;
  return `step ${step.step} (${step.id}): ${field}: expected ${expected}, found ${found}`;
}
