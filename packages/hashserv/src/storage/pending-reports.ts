import { byCodePoint, isDepId } from "@depid/hash";
import type { Clock } from "../clock.ts";
import { type ReportOutcome, type ReportRows, type ReportToRecord, recordReport } from "../report-rule.ts";
import type { NewOutHashRow } from "../storage.ts";
import { formatPending } from "./pending-report.ts";
import { PendingRows } from "./pending-rows.ts";
import type { ReportJournal } from "./report-journal.ts";
import type { KnownOfReport, KnownReader } from "./sqlite-known.ts";
import type { Written } from "./sqlite-known-filter.ts";

export interface PendingReportsOptions {
  /** What the tables say to reports. */
  readonly known: KnownReader;
  /** Puts reports, as `formatPending` writes them, into the tables: all of them, or none when it throws. */
  readonly write: (texts: readonly string[]) => Promise<Written>;
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
  readonly #options: PendingReportsOptions;
  /** Reports being decided together: nobody is told of them yet. */
  #staged = new PendingRows();
  #current = new Layer();
  /** What is being put into the tables. */
  #leaving: Layer | undefined;
  #segment: number | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: PendingReportsOptions) {
    this.#options = options;
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

  /** To be done around decisions that are made together. */
  together<T>(work: () => Promise<T>): Promise<T> {
    return this.#options.known.together(work);
  }

  /**
   * Decides on a report by the rule, from what the tables say and what is pending. It counts from `commit` on.
   *
   * @returns undefined for one that is left to the tables themselves: where they hold something that is no depid, or
   *   outputs of the taskhash that have none, more than one row may depend on it
   */
  async decide(report: ReportToRecord): Promise<ReportOutcome | undefined> {
    const { method, taskhash } = report;
    const known = this.#options.known.find(report);
    const pending = this.#staged.findDepId(method, taskhash) ?? this.findDepId(method, taskhash);
    const stored = pending ?? known.depid;
    if (stored === undefined ? known.recorded : !isDepId(stored)) return undefined;
    if (known.oldest !== undefined && !isDepId(known.oldest.depid)) return undefined;
    const rows = new RowsOfReport(stored, known, this.#layers());
    const outcome = await recordReport(rows, report);
    if (known.depid === undefined || !known.recorded) {
      const { outhash, details } = rows.output as NewOutHashRow;
      const created = this.#options.clock();
      this.#staged.add({ method, taskhash, outhash, created, depid: outcome.depid, details });
    }
    return outcome;
  }

  /** Makes safe what was decided since. @throws when it cannot */
  commit(): void {
    const { reports } = this.#staged;
    if (reports.length === 0) return;
    const text = formatPending(reports);
    this.#options.journal.append(text);
    this.#current.texts.push(text);
    for (const report of reports) {
      this.#current.rows.add(report);
      this.#options.known.filter.add(report);
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
      this.#segment = this.#options.journal.endSegment();
      this.#leaving = this.#current;
      this.#current = new Layer();
    }
    const { filter } = this.#options.known;
    let written: Written | undefined;
    filter.expect();
    try {
      written = await this.#options.write(this.#leaving.texts);
    } finally {
      filter.expected(written);
    }
    if (this.#segment !== undefined) this.#options.journal.drop(this.#segment);
    this.#leaving = undefined;
  }

  /** From the oldest to what is being decided. */
  #layers(): readonly PendingRows[] {
    const rows = [this.#current.rows, this.#staged];
    return this.#leaving === undefined ? rows : [this.#leaving.rows, ...rows];
  }
}

/** The tables as the rule sees them for one report. */
class RowsOfReport implements ReportRows {
  readonly #stored: string | undefined;
  readonly #known: KnownOfReport;
  readonly #layers: readonly PendingRows[];
  /** What the rule has recorded. */
  output: NewOutHashRow | undefined;

  constructor(stored: string | undefined, known: KnownOfReport, layers: readonly PendingRows[]) {
    this.#stored = stored;
    this.#known = known;
    this.#layers = layers;
  }

  async findDepIds() {
    return [this.#stored];
  }

  async findOldestOfOutput(method: string, outhash: string, except?: string) {
    const { oldest } = this.#known;
    for (const rows of this.#layers) {
      const pending = rows.findOldestOfOutput(method, outhash, except);
      if (pending === undefined) continue;
      return oldest === undefined || isOlder(pending.created, oldest.created) ? pending : oldest;
    }
    return oldest;
  }

  async insertOutHash(row: NewOutHashRow): Promise<void> {
    this.output = row;
  }

  /** Goes together with the output. */
  async insertEquivalence(): Promise<void> {}
}

/** Null is oldest; of two of one age that in the tables is. */
function isOlder(pending: string, stored: string | null): boolean {
  return stored !== null && byCodePoint(pending, stored) < 0;
}
