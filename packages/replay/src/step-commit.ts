import type { HistoryStep } from "@depid/task-graph";

/** Whether a step is known by a commit, of which either side may be shortened. */
export function hasCommit({ id, commits }: Pick<HistoryStep, "id" | "commits">, commit: string): boolean {
  const ids = [id, ...commits.map((it) => it.id)].filter((it) => it !== "");
  return ids.some((it) => it.startsWith(commit) || commit.startsWith(it));
}
