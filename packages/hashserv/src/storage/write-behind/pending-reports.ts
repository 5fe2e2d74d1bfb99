import type { Clock } from "../../clock.ts";
import type { ReportOutcome, ReportToRecord } from "../../rule/report-rule.ts";
import { decidePending } from "../decide-pending.ts";
import { PendingRows } from "../pending-rows.ts";
import { completeDetails } from "../record-reports.ts";
import type { ReportJournal } from "../sqlite/journal.ts";
import { formatJournalled } from "../sqlite/journalled-report.ts";
import type { KnownReader } from "./known.ts";

export interface PendingReportsOptions {
  /** What the tables say to reports. */
  readonly known: KnownReader;
  /** Puts reports, as `formatJournalled` writes them, into the tables: all of them, or none when it throws. */
  readonly write: (texts: readonly string[]) => Promise<void>;
  readonly journal: ReportJournal;
  readonly clock: Clock;
}

/** Reports that go into the tables together. */
class Layer {
  readonly rows = new PendingRows();
  readonly texts: string[] = [];
}

/**
 * Reports that are answered, and safe in a journal, before they are in the tables. They go there many at a time: then
 * each page of the file is written once for several of them.
 */
export class PendingReports {
  readonly #known: KnownReader;
  readonly #write: PendingReportsOptions["write"];
  readonly #journal: ReportJournal;
  readonly #clock: Clock;
  /** Reports being decided together: nobody is told of them yet. */
  #staged = new PendingRows();
  #current = new Layer();
  /** What is being put into the tables. */
  #leaving: Layer | undefined;
  #segment: number | undefined;
  #writing: Promise<void> | undefined;

  constructor({ known, write, journal, clock }: PendingReportsOptions) {
    this.#known = known;
    this.#write = write;
    this.#journal = journal;
    this.#clock = clock;
  }

  /** How many are not in the tables yet. */
  get size(): number {
    return this.#current.rows.reports.length + (this.#leaving?.rows.reports.length ?? 0);
  }

  get isWriting(): boolean {
    return this.#writing !== undefined;
  }

  findDepId(method: string, taskhash: string): string | undefined {
    return this.#current.rows.findDepId(method, taskhash) ?? this.#leaving?.rows.findDepId(method, taskhash);
  }

  hasDepId(depid: string): boolean {
    return this.#current.rows.hasDepId(depid) || this.#leaving?.rows.hasDepId(depid) === true;
  }

  hasOutput(method: string, outhash: string): boolean {
    return this.#layers().some((rows) => rows.findOldestOfOutput(method, outhash) !== undefined);
  }

  /** To be called around each other change of the tables. */
  changing<T>(change: () => Promise<T>): Promise<T> {
    return this.#known.changing(change);
  }

  /** To be done around decisions that are made together. */
  together<T>(work: () => T): T {
    return this.#known.together(work);
  }

  /**
   * Decides on a report by the rule, from what the tables say and what is pending. It counts from `commit` on.
   *
   * @returns undefined for one that is left to the tables themselves
   */
  decide(report: ReportToRecord): ReportOutcome | undefined {
    const decision = decidePending(report, this.#known.find(report), this.#layers());
    if (decision === undefined) return undefined;
    const { writes, ...outcome } = decision;
    if (writes.output) {
      const { method, taskhash, outhash } = report;
      const details = completeDetails(report.details);
      this.#staged.add({ method, taskhash, outhash, created: this.#clock(), depid: outcome.depid, details });
    }
    return outcome;
  }

  /** Makes safe what was decided since. @throws when it cannot */
  commit(): void {
    const { reports } = this.#staged;
    if (reports.length === 0) return;
    const text = formatJournalled(reports);
    this.#journal.append(text);
    this.#current.texts.push(text);
    for (const report of reports) {
      this.#current.rows.add(report);
      this.#known.inserting(report);
    }
    this.takeBack();
  }

  /** Forgets what was decided since the last commit. */
  takeBack(): void {
    this.#staged = new PendingRows();
  }

  /** Puts all that is safe by now into the tables. @throws when that fails; it is tried again at the next call */
  async write(): Promise<void> {
    const last = this.#current.texts.length > 0 ? this.#current : this.#leaving;
    while (last !== undefined && (last === this.#current || last === this.#leaving)) await this.writeSome();
  }

  /** The same, but does not wait for what comes after something that is under way. */
  writeSome(): Promise<void> {
    this.#writing ??= this.#writeLayer().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeLayer(): Promise<void> {
    if (this.#leaving === undefined) {
      this.#segment = this.#journal.endSegment();
      this.#leaving = this.#current;
      this.#current = new Layer();
    }
    const { texts } = this.#leaving;
    await this.#known.changing(() => this.#write(texts));
    if (this.#segment !== undefined) this.#journal.drop(this.#segment);
    this.#leaving = undefined;
  }

  /** From the oldest to what is being decided. */
  #layers(): readonly PendingRows[] {
    const rows = [this.#current.rows, this.#staged];
    return this.#leaving === undefined ? rows : [this.#leaving.rows, ...rows];
  }
}
