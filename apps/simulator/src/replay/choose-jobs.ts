import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { History } from "@depid/task-graph";
import { JobError } from "../jobs/job-error.ts";

/** Tasks, each in one build of one policy, that are worth a thread: reading all inputs again takes about as long as these. */
const WORTH_A_THREAD = 300_000;

/**
 * How many threads share a replay.
 *
 * @param asked `undefined`: a processor each, as long as each has enough to do
 * @param work how many builds of a step: of how many policies, under how many outcome models
 * @throws {JobError} when several are to read what can be read once only
 */
export async function chooseJobs(
  asked: number | undefined,
  file: string,
  { steps }: History,
  work: number,
): Promise<number> {
  if (asked === 1) return 1;
  const isRegular = (await stat(file)).isFile();
  if (asked !== undefined && !isRegular) {
    throw new JobError(`${file}: expected a regular file, as each of ${asked} jobs reads it: or take one (--jobs 1)`);
  }
  if (asked !== undefined) return asked;
  const tasks = steps[0]?.change.upsert.length ?? 0;
  return isRegular
    ? Math.max(1, Math.min(availableParallelism(), Math.floor((tasks * steps.length * work) / WORTH_A_THREAD)))
    : 1;
}
