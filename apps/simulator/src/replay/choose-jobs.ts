import { stat } from "node:fs/promises";
import { JobError } from "../jobs/job-error.ts";

/**
 * How many threads share a replay. One, if nobody says more: each thread reads all inputs and follows the truth by itself, which costs more than the builds of
 * a policy (`npm run bench -- sweep`).
 *
 * @throws {JobError} when several are to read what can be read once only
 */
export async function chooseJobs(asked = 1, file: string): Promise<number> {
  if (asked > 1 && !(await stat(file)).isFile())
    throw new JobError(`${file}: expected a regular file, as each of ${asked} jobs reads it: or take one (--jobs 1)`);
  return asked;
}
