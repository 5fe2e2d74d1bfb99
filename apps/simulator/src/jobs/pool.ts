import { JobError, type PackedError, unpackError } from "./job-error.ts";

/**
 * MiB for what is young in a thread's heap. A replay makes much that lives for a build; with Node's 48 a sweep took an eighth more CPU time, in threads that
 * collect garbage beside its own. With this a thread has some 90 MiB more.
 */
const YOUNG_MIB = 192;

/** What a thread answers. */
export type JobAnswer<Result> = { readonly result: Result } | { readonly problem: PackedError };

/** Threads that do jobs of one kind, each one at a time. What a thread has read for one job it keeps for the next. */
export interface JobPool<Job, Result> {
  /**
   * Does a job in the first thread that is free.
   *
   * @param transfer ports that go with it
   * @throws what the job failed with; the signal's reason, when it was aborted
   */
  run(job: Job, transfer?: readonly import("node:worker_threads").MessagePort[]): Promise<Result>;
  /** Ends the threads, whatever they do. */
  close(): Promise<void>;
}

/**
 * @param name of a file whose default export is made by `doInThread`, without its ending
 * @param beside the `import.meta.url` of a file in the same folder
 * @param threads how many; they start with the pool
 */
export async function openPool<Job, Result>(
  name: string,
  beside: string,
  threads: number,
  signal: AbortSignal,
): Promise<JobPool<Job, Result>> {
  const [{ Tinypool }, { moduleForThread }] = await Promise.all([import("tinypool"), import("@depid/hashserv/thread")]);
  const { url, execArgv } = moduleForThread(name, beside);
  const pool = new Tinypool({
    filename: url.href,
    minThreads: threads,
    maxThreads: threads,
    execArgv,
    isolateWorkers: false,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    // A thread that waits has sockets to serve.
    useAtomics: false,
  });
  return {
    async run(job, transfer = []) {
      const answer: JobAnswer<Result> = await pool.run(job, { transferList: [...transfer], signal }).catch((error) => {
        signal.throwIfAborted();
        throw tellMemory(error);
      });
      if ("problem" in answer) throw unpackError(answer.problem);
      return answer.result;
    },
    close: () => pool.destroy(),
  };
}

/** Memory that runs out is no bug: fewer jobs need less, and more of it may be given. */
function tellMemory(error: unknown): unknown {
  if (!(error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY")) return error;
  return new JobError(
    "a job ran out of memory: take fewer (--jobs), or give more, say with NODE_OPTIONS=--max-old-space-size=8192 (MiB)",
    { cause: error },
  );
}
