import type { JournalledReport } from "../sqlite/journalled-report.ts";
import { TwoKeyMap } from "../two-key-map.ts";

/** Reports that were answered, and are not in the tables yet, as what is asked of those. */
export class PendingRows {
  readonly #reports: JournalledReport[] = [];
  readonly #depidOfTask = new TwoKeyMap<string>();
  readonly #depids = new Set<string>();
  /** The oldest report of each output, and the oldest of another taskhash. */
  readonly #ofOutput = new TwoKeyMap<[JournalledReport, JournalledReport?]>();

  /** In order of age. */
  get reports(): readonly JournalledReport[] {
    return this.#reports;
  }

  /** Adds a report that is younger than all others here. */
  add(report: JournalledReport): void {
    const { method, taskhash, outhash, depid } = report;
    this.#reports.push(report);
    this.#depidOfTask.set(method, taskhash, depid);
    this.#depids.add(depid);
    const oldest = this.#ofOutput.get(method, outhash);
    if (oldest === undefined) this.#ofOutput.set(method, outhash, [report]);
    else if (oldest[1] === undefined && oldest[0].taskhash !== taskhash) oldest[1] = report;
  }

  /** The depid of a taskhash of which there is a report here. */
  findDepId(method: string, taskhash: string): string | undefined {
    return this.#depidOfTask.get(method, taskhash);
  }

  hasDepId(depid: string): boolean {
    return this.#depids.has(depid);
  }

  /** @param except a taskhash whose reports do not count */
  findOldestOfOutput(method: string, outhash: string, except?: string): JournalledReport | undefined {
    const oldest = this.#ofOutput.get(method, outhash);
    return oldest?.[0].taskhash === except ? oldest?.[1] : oldest?.[0];
  }
}
