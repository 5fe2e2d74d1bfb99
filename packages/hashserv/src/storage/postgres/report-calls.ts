import { isLost, StorageError } from "../../errors.ts";
import type { ReportOutcome, ReportToRecord } from "../../rule/report-rule.ts";

/** Reports that were handed over together, and who waits for what comes of them. */
interface Call {
  readonly reports: readonly ReportToRecord[];
  readonly resolve: (outcomes: readonly ReportOutcome[]) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Records the reports of calls in one transaction, when its turn comes; the calls are those that `take` gives then.
 *
 * @returns what came of each call
 */
type RecordAll = (take: () => readonly Call["reports"][]) => Promise<readonly (readonly ReportOutcome[])[]>;

/** Gathers reports until their transaction has its turn: those that wait for it travel together. */
export class ReportCalls {
  readonly #recordAll: RecordAll;
  /** Those of the transaction that is the last in the queue. */
  #open: Call[] | undefined;

  constructor(recordAll: RecordAll) {
    this.#recordAll = recordAll;
  }

  add(reports: readonly ReportToRecord[]): Promise<readonly ReportOutcome[]> {
    return new Promise((resolve, reject) => {
      const call: Call = { reports, resolve, reject };
      if (this.#open !== undefined) this.#open.push(call);
      else void this.#record([call], true);
    });
  }

  /** To be called when another transaction is queued: what comes later is behind that. */
  end(): void {
    this.#open = undefined;
  }

  /** @param isFirst whether it is the first attempt: others may join, and it may be repeated */
  async #record(calls: Call[], isFirst: boolean): Promise<void> {
    if (isFirst) this.#open = calls;
    const take = () => {
      if (this.#open === calls) this.#open = undefined;
      return calls.map(({ reports }) => reports);
    };
    try {
      const outcomes = await this.#recordAll(take);
      calls.forEach(({ resolve }, i) => void resolve(outcomes[i] as readonly ReportOutcome[]));
    } catch (reason) {
      if (this.#open === calls) this.#open = undefined;
      // Nobody knows whether they were recorded. A repeated report does no harm.
      if (isFirst && isLost(reason)) void this.#record(calls, false);
      // One that cannot be kept keeps no other from being recorded.
      else if (calls.length > 1 && !(reason instanceof StorageError))
        for (const one of calls) void this.#record([one], false);
      else for (const { reject } of calls) reject(reason);
    }
  }
}
