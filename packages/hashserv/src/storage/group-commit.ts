import { type ReportOutcome, type ReportToRecord, recordReports } from "../report-rule.ts";
import type { StorageTransaction } from "../storage.ts";

interface Job {
  readonly work: (rows: StorageTransaction) => Promise<unknown>;
  /** Called after the commit. */
  readonly resolve: (result: never) => void;
  readonly reject: (reason: unknown) => void;
  /** Present if this is all that `work` records. */
  readonly reports?: readonly ReportToRecord[];
  /** Whether it has a commit of its own, because one of a group has failed. */
  readonly alone?: boolean;
}

/** Records reports elsewhere than in this thread: many at a time are worth the way there. */
export interface ReportRecorder {
  /** How many are worth it, just now, and how many hold up others for too long. */
  readonly least: number;
  readonly most: number;
  /**
   * Records what was reported together, one after the other, under one commit.
   *
   * @throws when it is not known that all of it was recorded; to record it again does no harm
   */
  record(together: readonly (readonly ReportToRecord[])[]): Promise<readonly (readonly ReportOutcome[])[]>;
}

export interface GroupCommitOptions {
  /** Runs `work` in a database transaction; when that throws, takes everything back, and throws it too. */
  readonly commit: (work: (rows: StorageTransaction) => Promise<void>) => Promise<void>;
  /** Milliseconds of work under one commit; then others have their turn. */
  readonly maxMs: number;
  readonly recorder?: ReportRecorder;
}

/**
 * Runs transactions one after another, those that arrive in one turn of the event loop, or while another is under way,
 * under one commit: the commit is the expensive part. Nobody is told of success before it.
 */
export class GroupCommit {
  readonly #commit: GroupCommitOptions["commit"];
  readonly #maxMs: number;
  readonly #recorder: ReportRecorder | undefined;
  #jobs: Job[] = [];
  /** Resolves when the queue has become empty; undefined while it is. */
  #running: Promise<void> | undefined;

  constructor({ commit, maxMs, recorder }: GroupCommitOptions) {
    this.#recorder = recorder;
    this.#commit = commit;
    this.#maxMs = maxMs;
  }

  transaction<T>(work: (rows: StorageTransaction) => Promise<T>): Promise<T> {
    return this.#add({ work });
  }

  recordReports(reports: readonly ReportToRecord[]): Promise<readonly ReportOutcome[]> {
    return this.#add({ work: (rows) => recordReports(rows, reports), reports });
  }

  /** Waits until every transaction is through. */
  async idle(): Promise<void> {
    await this.#running;
  }

  #add<T>(job: Pick<Job, "reports"> & { readonly work: (rows: StorageTransaction) => Promise<T> }): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ ...job, resolve, reject });
      this.#running ??= this.#runAll();
    });
  }

  async #runAll(): Promise<void> {
    while (this.#jobs.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      const reports = this.#countReports();
      if (this.#recorder !== undefined && reports > 0) await this.#record(this.#recorder, reports);
      else await this.#runTogether();
    }
    this.#running = undefined;
  }

  /** The number of jobs, from the first on, that are to be done elsewhere: reports, if there are enough. */
  #countReports(): number {
    const { least, most } = this.#recorder ?? { least: 0, most: 0 };
    let [jobs, reports] = [0, 0];
    for (const job of this.#jobs) {
      if (job.reports === undefined || job.alone || reports >= most) break;
      reports += job.reports.length;
      jobs++;
    }
    return reports >= least ? jobs : 0;
  }

  async #record(recorder: ReportRecorder, count: number): Promise<void> {
    const taken = this.#jobs.splice(0, count);
    try {
      const outcomes = await recorder.record(taken.map(({ reports = [] }) => reports));
      taken.forEach(({ resolve }, i) => void resolve(outcomes[i] as never));
    } catch {
      // What is wrong with one of them shows when it is done here.
      this.#putBack(taken);
    }
  }

  async #runTogether(): Promise<void> {
    const taken: Job[] = [];
    const results: unknown[] = [];
    try {
      await this.#commit(async (rows) => {
        for (const end = performance.now() + this.#maxMs; this.#hasNext(taken) && performance.now() < end; ) {
          const job = this.#jobs.shift() as Job;
          taken.push(job);
          results.push(await job.work(rows));
        }
      });
      taken.forEach(({ resolve }, i) => void resolve(results[i] as never));
    } catch (cause) {
      this.#settle(taken, cause);
    }
  }

  #hasNext(taken: readonly Job[]): boolean {
    const next = this.#jobs[0];
    if (next === undefined) return false;
    return taken.length === 0 || !(next.alone || taken[0]?.alone);
  }

  /** Of a group that was taken back each job is run again, with a commit of its own. */
  #settle(taken: readonly Job[], cause: unknown): void {
    if (taken.length > 1) this.#putBack(taken);
    else if (taken.length === 1) taken[0]?.reject(cause);
    else for (const job of this.#jobs.splice(0)) job.reject(cause);
  }

  #putBack(taken: readonly Job[]): void {
    this.#jobs.unshift(...taken.map((job) => ({ ...job, alone: true })));
  }
}
