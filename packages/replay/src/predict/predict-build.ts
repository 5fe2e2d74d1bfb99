import type { History } from "@depid/task-graph";
import type { ReplayOptions } from "../options.ts";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { neutral, type OutcomeBound, type OutcomeSource, pessimistic } from "../outcomes/outcome-model.ts";
import { replayHistory } from "../replay.ts";
import type { MeasuredPolicy } from "../result.ts";
import { findStops, inReadingOrder, type Stop } from "./stops.ts";

/** What a build of the second of two states would take, where the first was built before. */
export interface PolicyPrediction {
  readonly policy: string;
  readonly expected: PredictedCost;
  /** The least and the most, figure by figure, of the outcomes asked for and of both ends: all that nothing sure decides neutral, or propagating. */
  readonly least: PredictedCost;
  readonly most: PredictedCost;
  /** `[mc:NAME:]PN:TASK`: where the change is expected to stop. */
  readonly stops: readonly string[];
}

export interface PredictedCost {
  /** Tasks. */
  readonly executed: number;
  readonly restored: number;
  /** Serial, of executing and restoring; and from begin to end. `undefined` where no durations are known. */
  readonly seconds: number | undefined;
  readonly wall: number | undefined;
}

export interface PredictOptions extends Omit<ReplayOptions, "outcomes" | "neededIn" | "samples" | "onBuild"> {
  /** A new chain of the outcomes that were asked for. */
  readonly createChain: () => OutcomeChain;
}

/** Replays two states under each policy: with the outcomes asked for, and with all that nothing sure decides neutral, and propagating. @param history of two steps */
export async function predictBuild(history: History, options: PredictOptions): Promise<readonly PolicyPrediction[]> {
  const { createChain, namespace, ...rest } = options;
  const stops = new Map<string, readonly Stop[]>();
  const replay = async (outcomes: OutcomeChain, name: string, onBuild?: ReplayOptions["onBuild"]) =>
    (
      await replayHistory(history, {
        ...rest,
        outcomes,
        namespace: `${namespace}-${name}`,
        countsTiming: false,
        ...(onBuild === undefined ? {} : { onBuild }),
      })
    ).policies;
  const asked = await replay(createChain(), "asked", (build) => {
    if (build.step.step === 0) return;
    const { name } = build.policy;
    stops.set(name, inReadingOrder([...(stops.get(name) ?? []), ...findStops(build)]));
  });
  const ends = [
    await replay(sureOf(createChain(), neutral), "neutral"),
    await replay(sureOf(createChain(), pessimistic), "propagating"),
  ];
  return asked.map((policy, place) => {
    const costs = [policy, ...ends.map((it) => it[place] as MeasuredPolicy)].map(costOf);
    return {
      policy: policy.name,
      expected: costs[0] as PredictedCost,
      least: byFigure(costs, Math.min),
      most: byFigure(costs, Math.max),
      stops: (stops.get(policy.name) ?? []).map(({ name }) => name),
    };
  });
}

/** What is sure in a chain, and a bound for all else: labels not marked unsure, and recorded outputs. */
function sureOf(chain: OutcomeChain, bound: OutcomeBound): OutcomeChain {
  const sure = chain.sources.flatMap((source, place) => {
    if (!chain.isSure(place)) return [];
    const labels = chain.labelSources.find((it) => it.place === place)?.source;
    if (labels === undefined) return [source];
    const isSure = (label: number | undefined): boolean => labels.labels.labels[label ?? -1]?.sure === true;
    const only: OutcomeSource = {
      name: labels.name,
      outcomeOf: (change) => (isSure(labels.findLabel(change)) ? labels.outcomeOf(change) : undefined),
    };
    return [only];
  });
  return new OutcomeChain(sure, bound);
}

function costOf({ sum, time }: MeasuredPolicy): PredictedCost {
  const { serial, wall } = time?.sum ?? {};
  const seconds = serial === undefined ? undefined : serial.executed + serial.restored;
  return { executed: sum.executed, restored: sum.restored, seconds, wall };
}

function byFigure(costs: readonly PredictedCost[], pick: (...figures: number[]) => number): PredictedCost {
  const of = (name: keyof PredictedCost) => costs.flatMap((it) => it[name] ?? []);
  const known = (name: "seconds" | "wall") => (of(name).length === 0 ? undefined : pick(...of(name)));
  return {
    executed: pick(...of("executed")),
    restored: pick(...of("restored")),
    seconds: known("seconds"),
    wall: known("wall"),
  };
}
