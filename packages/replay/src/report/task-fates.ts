import type { Tid } from "@depid/hash";
import type { BuildPlan, CoveredWhy, NotCoveredWhy } from "@depid/runqueue";
import type { StampVariant } from "@depid/sstate";
import type { Task, TaskGraph } from "@depid/task-graph";
import type { BuildOutcome } from "../measure/build-outcome.ts";
import type { Fate, Fates } from "../measure/fates.ts";
import type { ReplayedBuild } from "../options.ts";

/** What became of a task in one build of a replay: a row of the table `fates` (docs/formats.md). */
export interface TaskFate {
  readonly policy: string;
  /** Who built; absent where no topology was asked for. */
  readonly builder?: string;
  readonly step: number;
  /** Tid. */
  readonly task: string;
  readonly fate: Fate;
  /** Executed, though the clairvoyant did not execute it in this step. */
  readonly needless: boolean;
  /** Restored or skipped, and of another content than a clean build has. */
  readonly stale: boolean;
  /** What it took; 0 for what was passed over; null if that is not known. */
  readonly seconds: number | null;
  readonly why: FateWhy;
  /** Tid of the task that `needed-by` and `covered-by` speak of; null with other reasons. */
  readonly by: string | null;
}

/** What decided (docs/formats.md). */
export type FateWhy = CoveredWhy | NotCoveredWhy | "needed-by" | "covered-by" | "target" | "rehash";

/** Seconds of a task; `undefined` if they are not known. */
export type KnownSecondsOf = (task: Task, variant: StampVariant) => number | undefined;

/** What became of each task of a build, in the order of the graph's tids. */
export function fatesOf(replayed: ReplayedBuild, secondsOf: KnownSecondsOf = () => undefined): TaskFate[] {
  const { step, builder, policy, plan, fates, needed, isStale } = replayed;
  const find = new Reasons(replayed);
  return plan.tids.map((tid, place) => {
    const fate = fates.at(place);
    const [why, by = null] = find.reasonOf(tid, fate);
    return {
      policy: policy.name,
      ...(builder === "" ? {} : { builder }),
      step: step.step,
      task: tid,
      fate,
      needless: fates.isExecuted(place) && !needed.isExecuted(place),
      stale: fates.isReused(place) && isStale(place),
      seconds: secondsIn(fate, (variant) => secondsOf(plan.tasks[place] as Task, variant)),
      why,
      by,
    };
  });
}

type Reason = readonly [why: FateWhy, by?: Tid | undefined];

function secondsIn(fate: Fate, secondsOf: (variant: StampVariant) => number | undefined): number | null {
  if (fate === "executed") return secondsOf("real") ?? null;
  return fate === "restored" ? (secondsOf("setscene") ?? null) : 0;
}

/** Why things went as they did in one build. */
class Reasons {
  readonly #fates: Fates;
  readonly #outcome: BuildOutcome;
  readonly #plan: BuildPlan;
  readonly #dependents: ReadonlyMap<Tid, readonly Tid[]>;
  readonly #coverers = new Map<Tid, Tid | undefined>();

  constructor({ graph, plan, outcome, fates }: ReplayedBuild) {
    this.#fates = fates;
    this.#outcome = outcome;
    this.#plan = plan;
    this.#dependents = dependentsIn(graph, plan);
    for (const generation of graph.generations.toReversed()) {
      for (const tid of generation)
        if (plan.indices.get(tid) !== undefined) this.#coverers.set(tid, this.#findCoverer(tid));
    }
  }

  reasonOf(tid: Tid, fate: Fate): Reason {
    switch (fate) {
      case "executed":
        return this.#whyExecuted(tid);
      case "restored":
        return this.#outcome.isMigrated(this.#placeOf(tid)) ? ["rehash"] : this.#whoNeeds(tid);
      case "skipped":
        return [this.#outcome.coveredWhy(this.#placeOf(tid)) ?? "stamp-current"];
      case "noexec":
        return ["noexec"];
      case "covered":
        return this.#whyCovered(tid);
    }
  }

  #whyExecuted(tid: Tid): Reason {
    const place = this.#placeOf(tid);
    const why = this.#outcome.notCoveredWhy(place);
    if (why === undefined) return this.#whoNeeds(tid);
    return this.#outcome.isMigrated(place) ? ["rehash"] : [why];
  }

  /** A task above that ran comes before one that looked at what it needs. */
  #whoNeeds(tid: Tid): Reason {
    const above = this.#dependents.get(tid) ?? [];
    const by =
      above.find((it) => this.#fates.executed.has(it)) ??
      this.#plan.tids[this.#outcome.neededBy(this.#placeOf(tid)) ?? -1] ??
      above.find((it) => this.#fates.restored.has(it)) ??
      above[0];
    return by === undefined ? ["target"] : ["needed-by", by];
  }

  #whyCovered(tid: Tid): Reason {
    const why = this.#outcome.coveredWhy(this.#placeOf(tid));
    if (why !== undefined) return [why];
    return ["covered-by", this.#coverers.get(tid)];
  }

  /** The nearest setscene task above that was not executed; of several, one that was restored. */
  #findCoverer(tid: Tid): Tid | undefined {
    const above = this.#dependents.get(tid) ?? [];
    const { restored, skipped } = this.#fates;
    return (
      above.find((it) => restored.has(it)) ??
      above.find((it) => skipped.has(it)) ??
      above.find((it) => this.#outcome.coveredWhy(this.#placeOf(it)) !== undefined) ??
      above.map((it) => this.#coverers.get(it)).find((it) => it !== undefined)
    );
  }

  #placeOf(tid: Tid): number {
    return this.#plan.indices.get(tid) as number;
  }
}

/** Of each task, those of the build that wait for it, in the order of the graph's tids. */
function dependentsIn(graph: TaskGraph, { indices }: BuildPlan): ReadonlyMap<Tid, readonly Tid[]> {
  const dependents = new Map<Tid, Tid[]>();
  for (const { tid, execdeps } of graph.tasks) {
    if (indices.get(tid) === undefined) continue;
    for (const dependency of execdeps) {
      const above = dependents.get(dependency);
      if (above === undefined) dependents.set(dependency, [tid]);
      else above.push(tid);
    }
  }
  return dependents;
}

const COLUMNS: readonly (keyof TaskFate)[] = [
  "policy",
  "step",
  "task",
  "fate",
  "needless",
  "stale",
  "seconds",
  "why",
  "by",
];

/**
 * The same rows as lines of CSV (RFC 4180, without line ends): what is not known or not there is empty.
 *
 * @param hasBuilders whether a topology was asked for: then `builder` is the last column
 */
export async function* formatFatesCsv(rows: AsyncIterable<TaskFate>, hasBuilders = false): AsyncGenerator<string> {
  const columns = hasBuilders ? ([...COLUMNS, "builder"] as const) : COLUMNS;
  yield columns.join(",");
  for await (const row of rows) yield columns.map((name) => cellOf(row[name])).join(",");
}

function cellOf(value: string | number | boolean | null | undefined): string {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
