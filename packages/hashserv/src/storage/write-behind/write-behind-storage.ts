import { StorageError } from "../../errors.ts";
import type { MaybePromise } from "../../maybe-promise.ts";
import type { ReportOutcome, ReportToRecord } from "../../rule/report-rule.ts";
import type { DatabaseFile } from "../sqlite/database-file.ts";
import type { Storage, StorageReader, StorageTransaction } from "../storage.ts";
import type { PendingReports } from "./pending-reports.ts";
import { WriteBehindReader } from "./reader.ts";

/** Milliseconds of deciding on reports before they are made safe and answered, and look-ups have their turn. */
const MAX_MS = 8;
/** Reports that may be pending; others wait until some are written. */
const MOST_PENDING = 32_768;
/** Reports at which writing begins however busy we are. */
const MANY_PENDING = 16_384;
/** Milliseconds between looks whether a time has come in which no report did; then what is pending is written. */
const QUIET_MS = 100;
/** So many looks after which it is written anyway. */
const MOST_LOOKS = 10;
/** Milliseconds until it is tried again to write what could not be written. */
const RETRY_MS = 5_000;

export interface WriteBehindStorageOptions {
  readonly tables: Storage;
  readonly pending: PendingReports;
  /** What the tables are in. */
  readonly file: Pick<DatabaseFile, "check" | "failed">;
  /** Told why reports could not be put into the tables. They stay safe, and it is tried again. */
  readonly failed: (reason: unknown) => void;
  /** Lets go of what writes pending reports, and of where they are safe; to be called when none is pending. */
  readonly release: () => Promise<void>;
}

/** Reports that were handed over together, and who waits for what comes of them. */
interface Call {
  readonly reports: readonly ReportToRecord[];
  readonly outcomes: ReportOutcome[];
  readonly resolve: (outcomes: readonly ReportOutcome[]) => void;
  readonly reject: (reason: unknown) => void;
}

/** A transaction that waits for its turn. */
interface Job {
  readonly run: () => Promise<void>;
  readonly reject: (reason: unknown) => void;
}

/** What has its turn together. */
type Entry = { readonly calls: Call[] } | { readonly jobs: Job[] };

/**
 * A storage that answers reports when they are safe in a journal, and puts them into its tables later, many at a time.
 * Whoever asks for more than the depid of a taskhash waits until what is pending about it is in the tables; so does any
 * transaction. Nobody else may change these tables meanwhile.
 */
export class WriteBehindStorage implements Storage {
  readonly read: StorageReader;
  readonly #tables: Storage;
  readonly #pending: PendingReports;
  readonly #file: WriteBehindStorageOptions["file"];
  readonly #release: () => Promise<void>;
  readonly #failed: (reason: unknown) => void;
  readonly #queue: Entry[] = [];
  /** Resolves when the queue has become empty; undefined while it is. */
  #running: Promise<void> | undefined;
  #wentInTurn = false;
  /** Resolves when all is closed. */
  #closed: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looks = 0;
  #reportedSinceLook = false;
  /** The last attempt to write what is pending has failed. */
  #failing = false;

  constructor({ tables, pending, file, failed, release }: WriteBehindStorageOptions) {
    this.read = new WriteBehindReader(tables.read, pending);
    this.#tables = tables;
    this.#pending = pending;
    this.#file = file;
    this.#failed = failed;
    this.#release = release;
  }

  get pendingReports(): number {
    return this.#pending.size;
  }

  sizeInBytes: Storage["sizeInBytes"] = () => this.#tables.sizeInBytes();

  check: Storage["check"] = () => this.#tables.check();

  recordReports(reports: readonly ReportToRecord[]): Promise<readonly ReportOutcome[]> {
    return new Promise((resolve, reject) => {
      this.#refuseIfClosed();
      const last = this.#queue.at(-1);
      const call: Call = { reports, outcomes: [], resolve, reject };
      if (last !== undefined && "calls" in last) last.calls.push(call);
      else this.#enqueue({ calls: [call] });
    });
  }

  transaction<T>(work: (rows: StorageTransaction) => MaybePromise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#refuseIfClosed();
      const last = this.#queue.at(-1);
      const job: Job = {
        run: () => this.#pending.changing(() => this.#tables.transaction(work)).then(resolve, reject),
        reject,
      };
      if (last !== undefined && "jobs" in last) last.jobs.push(job);
      else this.#enqueue({ jobs: [job] });
    });
  }

  /** @throws {StorageError} when something cannot be written; it is kept for the next who opens the database */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#running;
    clearTimeout(this.#timer);
    try {
      await this.#pending.write();
    } finally {
      await this.#release();
      await this.#tables.close();
    }
  }

  #refuseIfClosed(): void {
    if (this.#closed !== undefined) throw new StorageError("the database is closed");
  }

  #enqueue(entry: Entry): void {
    this.#queue.push(entry);
    this.#running ??= this.#runAll();
  }

  async #runAll(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#nextGo();
      const entry = this.#queue.shift() as Entry;
      if ("calls" in entry) await this.#recordAll(entry.calls);
      else await this.#runTogether(entry.jobs);
    }
    this.#running = undefined;
  }

  /** What has arrived together is handed over in one go, for which nothing waits. More goes in a turn would leave none for others. */
  async #nextGo(): Promise<void> {
    await (this.#wentInTurn ? nextTurn() : undefined);
    this.#wentInTurn = true;
    setImmediate(() => {
      this.#wentInTurn = false;
    });
  }

  async #runTogether(jobs: readonly Job[]): Promise<void> {
    try {
      await this.#pending.write();
      await Promise.all(jobs.map(({ run }) => run()));
    } catch (error) {
      for (const { reject } of jobs) reject(error);
    }
  }

  async #recordAll(calls: readonly Call[]): Promise<void> {
    for (let at = 0; at < calls.length; ) {
      if (at > 0) await nextTurn();
      at += await this.#recordSome(calls.slice(at));
    }
  }

  /** @returns how many of the calls are settled: as many as there was time for */
  async #recordSome(calls: readonly Call[]): Promise<number> {
    const decided: Call[] = [];
    let undecided: Call | undefined;
    try {
      if (this.#pending.size >= MOST_PENDING) await this.#pending.writeSome();
      const looking = this.#file.check();
      if (looking !== undefined) await looking;
      this.#pending.together(() => {
        const end = performance.now() + MAX_MS;
        for (let at = 0; at < calls.length && undecided === undefined && performance.now() < end; at++) {
          const call = calls[at] as Call;
          if (this.#decide(call)) decided.push(call);
          else undecided = call;
        }
      });
      this.#pending.commit();
    } catch (error) {
      this.#file.failed(error);
      this.#pending.takeBack();
      for (const { reject } of calls) reject(error);
      return calls.length;
    }
    for (const { outcomes, resolve } of decided) resolve(outcomes);
    this.#writeLater();
    if (undecided !== undefined) await this.#recordInTables(undecided);
    return decided.length + (undecided === undefined ? 0 : 1);
  }

  /** @returns false at a report that the tables themselves must decide on; those before it are decided */
  #decide({ reports, outcomes }: Call): boolean {
    for (const report of reports) {
      const outcome = this.#pending.decide(report);
      if (outcome === undefined) return false;
      outcomes.push(outcome);
    }
    return true;
  }

  async #recordInTables({ reports, outcomes, resolve, reject }: Call): Promise<void> {
    try {
      await this.#pending.write();
      const rest = reports.slice(outcomes.length);
      resolve([...outcomes, ...(await this.#pending.changing(() => this.#tables.recordReports(rest)))]);
    } catch (error) {
      reject(error);
    }
  }

  #writeLater(): void {
    this.#reportedSinceLook = true;
    if (this.#pending.size >= MANY_PENDING && !this.#failing) this.#write();
    this.#timer ??= this.#lookIn(QUIET_MS);
  }

  #lookIn(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      if (this.#pending.size === 0) return;
      this.#looks++;
      if (!this.#reportedSinceLook || this.#looks >= MOST_LOOKS || this.#failing) this.#write();
      this.#reportedSinceLook = false;
      this.#timer = this.#lookIn(this.#failing ? RETRY_MS : QUIET_MS);
    }, milliseconds).unref();
  }

  #write(): void {
    this.#looks = 0;
    if (this.#pending.isWriting) return;
    this.#pending.writeSome().then(
      () => {
        this.#failing = false;
      },
      (reason) => {
        this.#failing = true;
        this.#failed(reason);
      },
    );
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
