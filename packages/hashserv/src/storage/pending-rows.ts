import type { NewOutHashRow } from "./storage.ts";
import { TwoKeyMap } from "./two-key-map.ts";

/** What a report came to, before it is in the tables: its output, when it came, and the depid it was answered. */
export interface DecidedReport extends NewOutHashRow {
  readonly created: string;
  readonly depid: string;
}

/** Reports that were decided on, and are not in the tables yet, as what is asked of those. */
export class PendingRows {
  readonly #reports: DecidedReport[] = [];
  readonly #depidOfTask = new TwoKeyMap<string>();
  readonly #depids = new Set<string>();
  /** The oldest report of each output, and the oldest of another taskhash. */
  readonly #ofOutput = new TwoKeyMap<[DecidedReport, DecidedReport?]>();

  /** In order of age. */
  get reports(): readonly DecidedReport[] {
    return this.#reports;
  }

  /** Adds a report that is younger than all others here. */
  add(report: DecidedReport): void {
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
  findOldestOfOutput(method: string, outhash: string, except?: string): DecidedReport | undefined {
    const oldest = this.#ofOutput.get(method, outhash);
    return oldest?.[0].taskhash === except ? oldest?.[1] : oldest?.[0];
  }
}
