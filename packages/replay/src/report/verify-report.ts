import type { VerifyDocument } from "../documents/index.ts";
import type { OutcomeAccount } from "../outcomes/outcome-account.ts";
import {
  type Agreement,
  addAgreements,
  NO_AGREEMENT,
  precisionOf,
  RUN_KINDS,
  type RunKind,
  recallOf,
  type VerifiedBuild,
} from "../verify/verify.ts";
import { accountDocument } from "./account-document.ts";

/** Recorded builds held against predictions. */
export interface VerifyReport {
  /** The history as named. */
  readonly source: string;
  readonly setting: VerifySetting;
  readonly steps: readonly VerifiedStep[];
  /** What the outcomes were made of. */
  readonly account: OutcomeAccount;
  /** What a reader must know to believe it, sentences: what was assumed, and what nobody knows. */
  readonly notes: readonly string[];
}

export interface VerifySetting {
  readonly policy: string;
  readonly builder: "fresh" | "persistent";
  readonly outcomes: string;
  readonly durations: string;
  readonly workers: number;
  readonly seed: number;
  /** Variations built of each step, and how far their durations stray. */
  readonly samples: number;
  readonly spread: number;
}

export interface VerifiedStep {
  readonly step: number;
  readonly id: string;
  readonly title: string;
  /** The prediction, with the tasks that ran in each of its variations, and in some only. */
  readonly predicted: Readonly<Record<RunKind, PredictedRuns>>;
  readonly builds: readonly VerifiedRecord[];
}

export interface PredictedRuns {
  readonly tids: readonly string[];
  readonly always: readonly string[];
  readonly sometimes: readonly string[];
}

export interface VerifiedRecord extends VerifiedBuild {
  /** Which kind of recording it is, and what told its step. */
  readonly kind: string;
  readonly assignedBy: string;
  /** What the recording does not tell: sentences. */
  readonly unknown: readonly string[];
}

export const VERIFY_FORMAT = "depid-verify/1";

/** Sums over all recordings. */
export function sumAgreements({ steps }: VerifyReport): Readonly<Record<RunKind, Agreement>> {
  const sums = { executed: NO_AGREEMENT, restored: NO_AGREEMENT };
  for (const { builds } of steps) {
    for (const { agreement } of builds)
      for (const kind of RUN_KINDS) sums[kind] = addAgreements(sums[kind], agreement[kind]);
  }
  return sums;
}

/** The least of precision and recall of both kinds; 1 where nothing ran and nothing was predicted. */
export function leastAgreement(report: VerifyReport): number {
  const sums = sumAgreements(report);
  const figures = RUN_KINDS.flatMap((kind) => [precisionOf(sums[kind]), recallOf(sums[kind])]);
  return Math.min(1, ...figures.filter((it) => it !== undefined));
}

/** The report as plain data, for `--json` (`depid-verify/1`, see docs/formats.md). */
export function verifyDocument(report: VerifyReport): VerifyDocument {
  const sums = sumAgreements(report);
  const { source, setting, steps, account, notes } = report;
  return {
    format: VERIFY_FORMAT,
    history: source,
    setting,
    sums: { executed: summedDocument(sums.executed), restored: summedDocument(sums.restored) },
    least: leastAgreement(report),
    account: accountDocument(account),
    notes,
    steps,
  };
}

function summedDocument(sum: Agreement): VerifyDocument["sums"][RunKind] {
  return { ...sum, precision: precisionOf(sum) ?? null, recall: recallOf(sum) ?? null };
}
