import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { StorageError } from "../errors.ts";
import type { StorageTransaction } from "../storage.ts";

/** Milliseconds between attempts to begin while another process writes, and after which we give up. */
const RETRY_MS = 5;
const GIVE_UP_MS = 20_000;
/** Milliseconds of work under one commit; then look-ups have their turn. */
const MAX_MS = 8;

type Work = (rows: StorageTransaction) => Promise<unknown>;

interface Job {
  readonly work: Work;
  /** Called after the commit. */
  readonly resolve: (result: never) => void;
  readonly reject: (reason: unknown) => void;
  /** Whether it has a commit of its own, because one of a group has failed. */
  readonly alone?: boolean;
}

export interface WriterOptions {
  /** Called after each commit. What it gives is waited for before the next. */
  readonly committed: () => Promise<void> | undefined;
}

/**
 * Runs transactions one after another, those that arrive in one turn of the event loop under one commit: the commit is
 * the expensive part. Nobody is told of success before it.
 */
export class SqliteWriter {
  readonly #db: DatabaseSyncInstance;
  readonly #rows: StorageTransaction;
  readonly #committed: WriterOptions["committed"];
  readonly #begin;
  readonly #commit;
  #jobs: Job[] = [];
  /** Resolves when the queue has become empty; undefined while it is. */
  #running: Promise<void> | undefined;

  constructor(db: DatabaseSyncInstance, rows: StorageTransaction, { committed }: WriterOptions) {
    this.#db = db;
    this.#rows = rows;
    this.#committed = committed;
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
  }

  transaction<T>(work: (rows: StorageTransaction) => Promise<T>): Promise<T> {
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

  /** Runs as many of the jobs that wait as there is time for. */
  async #runTogether(): Promise<void> {
    const taken: Job[] = [];
    try {
      await this.#beginWhenFree();
      const results: unknown[] = [];
      for (const end = performance.now() + MAX_MS; this.#jobs.length > 0 && performance.now() < end; ) {
        if (taken.length > 0 && this.#jobs[0]?.alone) break;
        const job = this.#jobs.shift() as Job;
        taken.push(job);
        results.push(await job.work(this.#rows));
        if (job.alone) break;
      }
      this.#commitAll();
      const wait = this.#committed();
      taken.forEach(({ resolve }, i) => void resolve(results[i] as never));
      await wait;
    } catch (cause) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      this.#settle(taken, cause);
    }
  }

  #commitAll(): void {
    try {
      this.#commit.run();
    } catch (cause) {
      throw new StorageError(`cannot write: ${String(cause)}`, { cause });
    }
  }

  /** Of a group that was taken back each job is run again, with a commit of its own. */
  #settle(taken: readonly Job[], cause: unknown): void {
    if (taken.length > 1) this.#jobs.unshift(...taken.map((job) => ({ ...job, alone: true })));
    else if (taken.length === 1) taken[0]?.reject(cause);
    else for (const job of this.#jobs.splice(0)) job.reject(cause);
  }

  /** Waits for the lock of another process without holding up anything else here (section 14, item 8). */
  async #beginWhenFree(): Promise<void> {
    for (const start = performance.now(); ; ) {
      try {
        this.#begin.run();
        return;
      } catch (cause) {
        if (!isBusy(cause)) throw new StorageError(`cannot write: ${String(cause)}`, { cause });
        if (performance.now() - start > GIVE_UP_MS) {
          throw new StorageError("the database is locked by another process", { cause, code: "STORAGE_BUSY" });
        }
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /database is locked|SQLITE_BUSY/.test(error.message);
}
