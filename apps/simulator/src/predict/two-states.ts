import { resolve } from "node:path";
import { findStep } from "@depid/bitbake/fs";
import { type Capture, diffCaptures, type History, type HistoryStep, TaskGraph } from "@depid/task-graph";
import { readHistory } from "@depid/task-graph/fs";
import { readBuilds } from "../read-builds.ts";

/**
 * A history of two builds, of whatever kind `readBuilds` reads: the first, and what leads from it to the second. Where both are steps of one history, it has the
 * commits between them, so that labels of these match.
 */
export async function twoStates(
  base: string,
  head: string,
  signal: AbortSignal,
): Promise<{ readonly history: History; readonly captures: readonly [Capture, Capture] }> {
  const captures = await readBuilds(base, head, signal);
  const [before, after] = captures;
  const [old, young] = [new TaskGraph(before.tasks), new TaskGraph(after.tasks)];
  const commits = await commitsBetween(base, head, captures);
  return {
    captures,
    history: {
      header: before.header.origin,
      steps: [
        stepOf(0, before, { upsert: old.tasks, remove: [] }, []),
        stepOf(1, after, diffCaptures(old, young), commits),
      ],
    },
  };
}

function stepOf(
  step: number,
  { header: { origin, settings }, tasks }: Capture,
  change: HistoryStep["change"],
  commits: HistoryStep["commits"],
): HistoryStep {
  return {
    step,
    id: origin.commit ?? (step === 0 ? "base" : "head"),
    date: origin.date ?? "",
    commits,
    ...(settings === undefined ? {} : { settings }),
    change,
    expect: { tasks: tasks.length, taskhashes: "" },
  };
}

/** Commits after the first state up to the second; none where they are not of one history, or in the other order. */
async function commitsBetween(
  base: string,
  head: string,
  captures: readonly [Capture, Capture],
): Promise<HistoryStep["commits"]> {
  const [first, second] = [await findStep(base), await findStep(head)];
  if (first === undefined || second === undefined || resolve(first.file) !== resolve(second.file)) return [];
  const [from = 0, to = 0] = captures.map(({ header }) => Number(/@(\d+)$/.exec(header.origin.source ?? "")?.[1]));
  const { steps } = await readHistory(first.file);
  return steps.filter(({ step }) => step > from && step <= to).flatMap((it) => it.commits);
}
