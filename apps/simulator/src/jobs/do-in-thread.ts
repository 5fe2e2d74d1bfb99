import { packError } from "./job-error.ts";
import type { JobAnswer } from "./pool.ts";

/** The other end of a `JobPool`: what does its jobs, as a module's default export. Errors go back as data. */
export function doInThread<Job, Result>(work: (job: Job) => Promise<Result>): (job: Job) => Promise<JobAnswer<Result>> {
  return async (job) => {
    try {
      return { result: await work(job) };
    } catch (error) {
      return { problem: packError(error) };
    }
  };
}
