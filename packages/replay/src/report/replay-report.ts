import type { History, HistoryHeader } from "@depid/task-graph";
import type { ReplayDocument } from "../documents/index.ts";
import { type BuildTime, COUNT_DEFINITIONS } from "../measure/fates.ts";
import type { Irreproducible } from "../outcomes/irreproducible.ts";
import type { LabelUse, OutcomeAccount } from "../outcomes/outcome-account.ts";
import type { ReplayResult } from "../result.ts";
import type { Topology } from "../topology/topology.ts";
import { accountDocument } from "./account-document.ts";
import { assumptionsOf } from "./assumptions.ts";
import { type DurationsUsed, durationSentences } from "./durations-used.ts";
import { rounded } from "./figures.ts";
import type { NeedlessWork } from "./needless.ts";
import type { Unsound } from "./unsound.ts";

/** A replay with all that a reader needs to judge it. */
export interface ReplayReport {
  readonly source: string;
  readonly history: History;
  readonly setting: ReplaySetting;
  readonly result: ReplayResult;
  /** What of the outcomes was used and what was not. */
  readonly account: OutcomeAccount;
  /** What each policy executed needlessly, by recipe. */
  readonly needless: readonly NeedlessWork[];
  /** Policies that reused what is wrong, though they should not. */
  readonly unsound: readonly Unsound[];
  /** Tasks that were taken for not reproducible. */
  readonly irreproducible?: Pick<Irreproducible, "rules">;
  /** Where seconds come from; absent if no durations were given. */
  readonly durations?: DurationsUsed;
  /** Results of the same replay under other outcome models. */
  readonly sensitivity?: Sensitivity;
}

/** What was asked for. */
export interface ReplaySetting {
  readonly builder: "fresh" | "persistent";
  /** Who builds, and the file that says so; then `builder` says nothing. */
  readonly topology?: { readonly source: string; readonly topology: Topology };
  /** Name of the outcome model, with the file of the labels if there is one. */
  readonly outcomes: string;
  readonly workers: number;
  readonly seed: number;
}

/** The same replay under several outcome models, from the one that changes least to the one that changes most. */
export type Sensitivity = readonly {
  readonly model: string;
  /** What the model says of the changes. */
  readonly definition: string;
  /** The outcomes asked for, with all unsure labels turned to one side: an end of the range. */
  readonly turnsUnsure: boolean;
  readonly result: ReplayResult;
}[];

export const REPORT_FORMAT = "depid-replay/1";

/** What a report says of itself, whatever it measured. */
export const NOTES: readonly string[] = [
  "Sums leave out the first step, which fills the caches and is the same for every policy that reuses anything.",
  "The baseline of avoided is rebuild-all; the reference of needless is the clairvoyant, replayed with the others over the same outcomes.",
  "Only setscene tasks get a depid from the server, and SSTATE_PKGSPEC (so PN, PV, PR) is part of every outhash: no policy is credited with what BitBake cannot have.",
  "Serial time is that of one task after another: of restored tasks, what restoring took; of all others, what executing took or would have taken.",
  "Wall time is that of the simulated builds, from begin to end, with the workers they had.",
];

/** What the figures rest on, a sentence each: durations, and what was assumed. */
export function groundsOf({
  history,
  durations,
  irreproducible,
}: Pick<ReplayReport, "history" | "durations" | "irreproducible">): readonly string[] {
  return [...durationSentences(durations), ...assumptionsOf(history, irreproducible)];
}

/**
 * The report as plain data, for `--json`: the same input gives the same document (`depid-replay/1`, see docs/formats.md).
 *
 * @param verdict what the text says first
 */
export function describeReplay(report: ReplayReport, verdict: readonly string[]): ReplayDocument {
  const { history, result, account, sensitivity, durations } = report;
  return {
    format: REPORT_FORMAT,
    history: historyDocument(report),
    setting: settingDocument(report),
    unsound: report.unsound,
    verdict,
    definitions: {
      counts: COUNT_DEFINITIONS,
      policies: Object.fromEntries(result.policies.map(({ name, definition }) => [name, definition])),
      notes: NOTES,
    },
    durations: durations ?? null,
    assumed: assumptionsOf(history, report.irreproducible),
    steps: result.steps,
    policies: result.policies.map((policy) => ({
      name: policy.name,
      sum: policy.sum,
      ...(policy.time && {
        time: {
          sum: describeTime(policy.time.sum, durations),
          steps: policy.time.steps.map((it) => describeTime(it, durations)),
        },
      }),
      steps: policy.steps,
      ...(policy.builders && {
        builders: policy.builders.map(({ name, builds, sum, time }) => ({
          name,
          builds,
          sum,
          ...(time && { time: { sum: describeTime(time.sum, durations) } }),
        })),
      }),
    })),
    needless: report.needless.map(({ policy, recipes }) => ({
      policy,
      recipes: recipes.map(({ seconds, ...it }) => ({
        ...it,
        seconds: seconds === undefined ? null : rounded(seconds),
      })),
    })),
    outcomes: account.shares,
    account: accountDocument(account),
    ...(account.labels.length === 0 ? {} : { labels: account.labels.map(describeLabels) }),
    ...(sensitivity === undefined
      ? {}
      : {
          sensitivity: sensitivity.map((it) => ({
            model: it.model,
            definition: it.definition,
            policies: it.result.policies.map((policy) => ({
              name: policy.name,
              sum: policy.sum,
              ...(policy.time && { time: { sum: describeTime(policy.time.sum, durations) } }),
            })),
          })),
        }),
  };
}

/** Seconds, to the millisecond: those of restoring are null where it was not measured. */
function describeTime({ serial, wall, critical }: BuildTime, durations: DurationsUsed | undefined): DescribedTime {
  const seconds = Object.entries(serial).map(([name, seconds]) => [
    name,
    name === "restored" && durations?.knowsRestoring === false ? null : rounded(seconds),
  ]);
  return { serial: Object.fromEntries(seconds), wall: rounded(wall), critical: rounded(critical) };
}

type DescribedTime = NonNullable<ReplayDocument["policies"][number]["time"]>["sum"];

interface HistorySummary {
  readonly header: HistoryHeader;
  readonly steps: number;
  readonly from: string;
  readonly to: string;
}

/** What was asked for as documents have it. */
export function settingDocument<Setting extends ReplaySetting>({
  setting: { topology, ...setting },
}: {
  readonly setting: Setting;
}) {
  return { ...setting, ...(topology && { topology: topology.source }) };
}

/** The history of a report as documents have it. */
export function historyDocument({ source, history }: Pick<ReplayReport, "source" | "history">) {
  return { source, ...describeHistory(history) };
}

export function describeHistory({ header, steps }: History): HistorySummary {
  return { header, steps: steps.length, from: steps[0]?.date ?? "", to: steps.at(-1)?.date ?? "" };
}

function describeLabels({
  source,
  otherwise,
  labels,
  unmatched,
}: LabelUse): NonNullable<ReplayDocument["labels"]>[number] {
  return { name: source, otherwise, unmatched, labels: labels.map(({ label, decided }) => ({ ...label, decided })) };
}
