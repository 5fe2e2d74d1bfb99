import { randomUUID } from "node:crypto";
import { classifyTask } from "@depid/compare";
import {
  type ChangedRecipe,
  describeDurations,
  findOwnChanges,
  formatPrediction,
  formatPredictionMarkdown,
  groundsOf,
  isAbove,
  type PredictionReport,
  predictBuild,
  predictionDocument,
} from "@depid/replay";
import type { Capture, History } from "@depid/task-graph";
import { OptionError } from "./outcomes/errors.ts";
import { twoStates } from "./predict/two-states.ts";
import { listInputs } from "./replay/input-files.ts";
import { createChain, type InputFlags, prepareHistory } from "./replay/prepare-replay.ts";
import { openServer } from "./service.ts";
import type { Shutdown } from "./shutdown.ts";

export interface PredictFlags extends InputFlags {
  readonly server: string;
  readonly failAbove?: number;
  readonly markdown?: true;
  readonly json?: true;
}

/** Exit status when the build is predicted to cost more than `--fail-above`. */
const ABOVE = 1;

/** Predicts what the build of a state will cost where another was built before, under each policy. */
export async function predict(base: string, head: string, flags: PredictFlags, shutdown: Shutdown): Promise<void> {
  const { failAbove } = flags;
  if (failAbove !== undefined && flags.durations === undefined)
    throw new OptionError("--fail-above: is in hours: expected --durations, which tell how long tasks take");
  let captures: readonly Capture[] = [];
  const prepared = await prepareHistory(
    undefined,
    async () => {
      const states = await twoStates(base, head, shutdown.signal);
      captures = states.captures;
      return states.history;
    },
    flags,
    shutdown,
  );
  const { history, policies, options, outcomes, durations } = prepared;
  const { service } = await openServer(flags.server, shutdown);
  const predictions = await predictBuild(history, {
    ...options,
    policies,
    service,
    createChain: () => createChain(outcomes, undefined),
    namespace: `depid-predict:${randomUUID()}`,
    onProgress: () => shutdown.takeTurn(),
    signal: shutdown.signal,
  });
  const { builder, workers, seed, unique, outhashExtra, release } = flags;
  const { topology } = options;
  const report: PredictionReport = {
    base,
    head,
    setting: {
      builder,
      ...(topology && { topology: { source: flags.topology ?? "", topology } }),
      outcomes: outcomes.outcomes.name,
      unique,
      outhash_extra: outhashExtra ?? null,
      release: release === undefined ? null : { ...release },
      workers,
      seed,
    },
    inputs: await listInputs(flags),
    ...(await changesOf(history)),
    policies: predictions,
    ...(failAbove === undefined ? {} : { failAbove }),
    grounds: [
      ...groundsOf({
        history,
        ...(options.irreproducible && { irreproducible: options.irreproducible }),
        ...(durations && { durations: describeDurations(durations, history) }),
      }),
      ...unknownOf(captures),
    ],
  };
  process.stdout.write(`${formatReport(report, flags)}\n`);
  if (isAbove(report)) process.exitCode = ABOVE;
}

async function changesOf(history: History): Promise<Pick<PredictionReport, "recipes" | "added" | "removed">> {
  const recipes = new Map<string, { changes: number; classes: Set<string> }>();
  for await (const { step, changes } of findOwnChanges(history)) {
    if (step.step === 0) continue;
    for (const { before, after } of changes) {
      const recipe = recipes.get(after.pn) ?? { changes: 0, classes: new Set() };
      recipes.set(after.pn, recipe);
      recipe.changes += 1;
      recipe.classes.add(classifyTask(before, after).class.name);
    }
  }
  const [first, second] = history.steps;
  const known = new Set(first?.change.upsert.map(({ tid }) => tid));
  return {
    recipes: [...recipes]
      .map(([recipe, { changes, classes }]): ChangedRecipe => ({ recipe, changes, classes: [...classes].sort() }))
      .sort((a, b) => b.changes - a.changes),
    added: second?.change.upsert.filter(({ tid }) => !known.has(tid)).length ?? 0,
    removed: second?.change.remove.length ?? 0,
  };
}

function unknownOf(captures: readonly Capture[]): readonly string[] {
  return [...new Set(captures.flatMap(({ header }) => header.unknown.map((it) => `unknown: ${it}`)))];
}

function formatReport(report: PredictionReport, { json, markdown }: PredictFlags): string {
  if (json === true) return JSON.stringify(predictionDocument(report), null, 2);
  return markdown === true ? formatPredictionMarkdown(report) : formatPrediction(report);
}
