import { type BuildRecord, matchRecord } from "@depid/bitbake";
import type { Tid } from "@depid/hash";
import {
  envelopeOf,
  type RealBuild,
  type ReplayedBuild,
  RUN_KINDS,
  type RunKind,
  type VerifiedStep,
  verifyStep,
} from "@depid/replay";
import type { Task } from "@depid/task-graph";
import type { AssignedBuild } from "./assign-builds.ts";

/**
 * Holds the recordings of a step against its replay. What a recording ran and the history does not have at that step, or cannot tell from another task, ran
 * and was not predicted: it counts as only real, under the name that the recording has.
 */
export function compareStep(
  { step, outcome, samples, graph }: ReplayedBuild,
  builds: readonly AssignedBuild[],
): VerifiedStep {
  const { simulated } = outcome;
  if (simulated === undefined) throw new Error("a build that is compared must be simulated step by step");
  const { summary, events } = simulated;
  const predicted = { ...summary, samples, events };
  const real = builds.map(({ record }) => realBuildOf(record, graph.tasks));
  const verified = verifyStep(predicted, real);
  const predictionOf = (kind: RunKind) => ({ tids: summary[kind], ...envelopeOf(predicted, kind) });
  return {
    step: step.step,
    id: step.id,
    title: step.commits.at(-1)?.title ?? "",
    predicted: { executed: predictionOf("executed"), restored: predictionOf("restored") },
    builds: verified.map((it, i) => {
      const { record, by } = builds[i] as AssignedBuild;
      const { strangers = new Set<Tid>(), unknown = [] } = real[i] ?? {};
      return {
        ...it,
        discrepancies: it.discrepancies.map((found) =>
          strangers.has(found.tid) ? { ...found, saw: ["the history has no such task at this step"] } : found,
        ),
        kind: record.kind,
        assignedBy: by,
        unknown,
      };
    }),
  };
}

interface ComparedBuild extends RealBuild {
  /** Tasks under the recording's own names, as the history does not have them. */
  readonly strangers: ReadonlySet<Tid>;
  readonly unknown: readonly string[];
}

function realBuildOf(found: BuildRecord, tasks: readonly Task[]): ComparedBuild {
  const { record, matches } = matchRecord(found, tasks);
  const strangers = new Set([...matches.unmatched, ...matches.ambiguous] as Tid[]);
  const runsOf = (kind: RunKind): ReadonlySet<Tid> =>
    new Set([...(record[kind] as ReadonlySet<Tid>), ...[...strangers].filter((key) => found[kind].has(key))]);
  return {
    source: found.source,
    ...(Object.fromEntries(RUN_KINDS.map((kind) => [kind, runsOf(kind)])) as Record<RunKind, ReadonlySet<Tid>>),
    strangers,
    unknown: [...record.unknown, ...failuresOf(record)],
  };
}

function failuresOf({ failed, restoreFailed }: BuildRecord): string[] {
  const all = [...failed, ...restoreFailed];
  if (all.length === 0) return [];
  const what = all.length === 1 ? `${all[0]} not failed` : `${all.length} tasks not failed, such as ${all[0]}`;
  return [`what would have run had ${what}, which the prediction does not know`];
}
