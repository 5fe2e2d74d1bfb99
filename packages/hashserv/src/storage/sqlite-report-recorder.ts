import type { Clock } from "../clock.ts";
import type { ReportOutcome, ReportToRecord } from "../report-rule.ts";
import type { ReportRecorder } from "./group-commit.ts";
import type { SqliteConnectionOptions } from "./sqlite-connection.ts";
import { Thread } from "./thread.ts";

export interface SqliteReportRecorderOptions extends SqliteConnectionOptions {
  readonly clock: Clock;
  /** Called after each commit. What it gives is waited for before the next. */
  readonly committed: () => Promise<void> | undefined;
}

/** Records reports in a thread that writes, which leaves this one to those who ask. */
export class SqliteReportRecorder implements ReportRecorder {
  /** Some ten milliseconds of work. */
  readonly most = 256;
  readonly #thread: Thread<SqliteConnectionOptions, string, string>;
  readonly #clock: Clock;
  readonly #committed: SqliteReportRecorderOptions["committed"];
  #ready: Promise<void> | undefined;

  constructor({ clock, committed, ...connection }: SqliteReportRecorderOptions) {
    this.#thread = new Thread("sqlite-report-thread", connection);
    this.#clock = clock;
    this.#committed = committed;
  }

  /** The way there and back takes as long as some five reports. */
  get least(): number {
    return this.#thread.usable ? 8 : Number.POSITIVE_INFINITY;
  }

  async record(together: readonly (readonly ReportToRecord[])[]): Promise<readonly (readonly ReportOutcome[])[]> {
    await this.#ready;
    // All times are of one clock, whichever thread writes them.
    const timed = together.map((reports) => reports.map((report) => ({ ...report, created: this.#clock() })));
    const outcomes = JSON.parse(await this.#thread.ask(JSON.stringify(timed))) as ReportOutcome[][];
    this.#ready = this.#committed();
    return outcomes;
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
