import { isLost } from "../errors.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { StorageTransaction } from "./storage.ts";

interface Job<Rows> {
  readonly work: (rows: Rows) => MaybePromise<unknown>;
  /** Called after the commit. */
  readonly resolve: (result: never) => void;
  readonly reject: (reason: unknown) => void;
  /** Whether it has a commit of its own, because one of a group has failed. */
  readonly alone?: boolean;
}

export interface GroupCommitOptions<Rows> {
  /** Runs `work` in a database transaction; when that throws, takes everything back, and throws it too. */
  readonly commit: (work: (rows: Rows) => Promise<void>) => Promise<void>;
  /** Milliseconds of work under one commit; then others have their turn. */
  readonly maxMs: number;
}

/**
 * Runs transactions one after another, those that arrive in one turn of the event loop, or while another is under way,
 * under one commit: the commit is the expensive part. Nobody is told of success before it.
 */
export class GroupCommit<Rows = StorageTransaction> {
  readonly #commit: GroupCommitOptions<Rows>["commit"];
  readonly #maxMs: number;
  #jobs: Job<Rows>[] = [];
  /** Resolves when the queue has become empty; undefined while it is. */
  #running: Promise<void> | undefined;

  constructor({ commit, maxMs }: GroupCommitOptions<Rows>) {
    this.#commit = commit;
    this.#maxMs = maxMs;
  }

  transaction<T>(work: (rows: Rows) => MaybePromise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ work, resolve, reject });
      this.#running ??= this.#runAll();
    });
  }

  /** Waits until every transaction is through. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #runAll(): Promise<void> {
    while (this.#jobs.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      await this.#runTogether();
    }
    this.#running = undefined;
  }

  async #runTogether(): Promise<void> {
    const taken: Job<Rows>[] = [];
    const results: unknown[] = [];
    try {
      await this.#commit(async (rows) => {
        for (const end = performance.now() + this.#maxMs; this.#hasNext(taken) && performance.now() < end; ) {
          const job = this.#jobs.shift() as Job<Rows>;
          taken.push(job);
          results.push(await job.work(rows));
        }
      });
      taken.forEach(({ resolve }, i) => void resolve(results[i] as never));
    } catch (cause) {
      this.#settle(taken, cause);
    }
  }

  #hasNext(taken: readonly Job<Rows>[]): boolean {
    const next = this.#jobs[0];
    if (next === undefined) return false;
    return taken.length === 0 || !(next.alone || taken[0]?.alone);
  }

  /**
   * Of a group that was taken back each job is run again, with a commit of its own. If nobody knows whether it was, none is; if
   * not even a transaction could be begun, whoever waits for one is told.
   */
  #settle(taken: readonly Job<Rows>[], cause: unknown): void {
    if (taken.length > 1 && !isLost(cause)) this.#jobs.unshift(...taken.map((job) => ({ ...job, alone: true })));
    else for (const job of taken.length > 0 ? taken : this.#jobs.splice(0)) job.reject(cause);
  }
}
