import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { StorageError } from "../errors.ts";
import type { StorageTransaction } from "../storage.ts";

/** Milliseconds between attempts to begin while another process writes, and after which we give up. */
const RETRY_MS = 5;
const GIVE_UP_MS = 20_000;

interface Job {
  /** Runs the work in a savepoint. @returns what tells its caller, to be called after the commit */
  readonly run: () => Promise<() => void>;
  readonly reject: (reason: unknown) => void;
}

/**
 * Runs transactions one after another, those that arrive in one turn of the event loop under one commit: the commit is
 * the expensive part. Nobody is told of success before it.
 */
export class SqliteWriter {
  readonly #db: DatabaseSyncInstance;
  readonly #rows: StorageTransaction;
  #jobs: Job[] = [];
  /** Resolves when the queue has become empty; undefined while it is. */
  #running: Promise<void> | undefined;

  constructor(db: DatabaseSyncInstance, rows: StorageTransaction) {
    this.#db = db;
    this.#rows = rows;
  }

  transaction<T>(work: (rows: StorageTransaction) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = async () => {
        this.#db.exec("SAVEPOINT job");
        try {
          const result = await work(this.#rows);
          this.#db.exec("RELEASE job");
          return () => resolve(result);
        } catch (error) {
          this.#db.exec("ROLLBACK TO job; RELEASE job");
          return () => reject(error);
        }
      };
      this.#jobs.push({ run, reject });
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
      const jobs = this.#jobs;
      this.#jobs = [];
      await this.#runTogether(jobs);
    }
    this.#running = undefined;
  }

  async #runTogether(jobs: readonly Job[]): Promise<void> {
    try {
      await this.#begin();
      const tell: (() => void)[] = [];
      for (const job of jobs) tell.push(await job.run());
      this.#db.exec("COMMIT");
      for (const one of tell) one();
    } catch (cause) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      const reason =
        cause instanceof StorageError ? cause : new StorageError(`cannot write: ${String(cause)}`, { cause });
      for (const { reject } of jobs) reject(reason);
    }
  }

  /** Waits for the lock of another process without holding up anything else here (section 14, item 8). */
  async #begin(): Promise<void> {
    for (const start = performance.now(); ; ) {
      try {
        this.#db.exec("BEGIN IMMEDIATE");
        return;
      } catch (cause) {
        if (!isBusy(cause)) throw cause;
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
