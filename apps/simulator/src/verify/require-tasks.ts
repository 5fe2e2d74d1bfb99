import { matchRecord } from "@depid/bitbake";
import type { History } from "@depid/task-graph";
import type { AssignedBuild } from "./assign-builds.ts";
import { VerifyError } from "./errors.ts";

/** @throws {VerifyError} when a recording ran tasks, and the history has none of them at any step: it is of another build */
export function requireTasks(builds: readonly AssignedBuild[], { steps }: History): void {
  const tasks = steps.flatMap((step) => step.change.upsert);
  for (const { record } of builds) {
    const { tids, unmatched, ambiguous } = matchRecord(record, tasks).matches;
    if (tids.size + ambiguous.length > 0 || unmatched.length === 0) continue;
    throw new VerifyError(
      `${record.source}: expected tasks of the history, found ${unmatched.length} others, such as ${unmatched[0]}`,
    );
  }
}
