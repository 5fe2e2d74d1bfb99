import { formatDuration } from "@depid/durations";
import { formatCount } from "../report/figures.ts";
import { formatTopology } from "../report/format-builders.ts";
import type { NamedInput } from "../report/named-input.ts";
import type { ReplaySetting } from "../report/replay-report.ts";
import type { PolicyPrediction, PredictedCost } from "./predict-build.ts";

/** What a merge request will cost, with all that a reader needs to judge it. */
export interface PredictionReport {
  /** As they were named. */
  readonly base: string;
  readonly head: string;
  readonly setting: PredictionSetting;
  /** Files and addresses that flags name, with the digests of the files. */
  readonly inputs: readonly NamedInput[];
  /** Recipes whose tasks' own inputs changed. */
  readonly recipes: readonly ChangedRecipe[];
  /** Tasks that are new, and that are gone. */
  readonly added: number;
  readonly removed: number;
  readonly policies: readonly PolicyPrediction[];
  /** The limit in hours, if one was given. */
  readonly failAbove?: number;
  /** What it rests on, a sentence each. */
  readonly grounds: readonly string[];
}

/** What was asked for. */
export interface PredictionSetting extends ReplaySetting {
  /** Tasks that count as naming their own hash: which list. */
  readonly unique: string;
  /** What outhashes hold beside outputs; null: as the builds say. */
  readonly outhash_extra: string | null;
  /** Rules of BitBake's release; null: of the one that the builds name. */
  readonly release: Readonly<Record<string, string>> | null;
}

export interface ChangedRecipe {
  /** PN. */
  readonly recipe: string;
  /** Tasks. */
  readonly changes: number;
  /** What kind of change it seems to be, by its texts, without repetition. */
  readonly classes: readonly string[];
}

export const PREDICTION_FORMAT = "depid-prediction/1";

export const PREDICTION_NOTES: readonly string[] = [
  "Both states were replayed one after the other: what is told is the build of the second, where the first was built before, with its sstate cache and server.",
  "The range: the least and the most, figure by figure, with the outcomes asked for and with all changes that no sure label and no recorded output decides neutral, or propagating.",
  "A change stops at a task that is executed and makes what was there before, so that some of what hashes it is not executed.",
];

/** What to do with it, in a sentence. */
export function sentenceOf({ recipes, added, removed, policies }: PredictionReport): string {
  const costs = policies
    .filter(({ policy }) => policy !== "clairvoyant")
    .map(({ policy, expected, least, most }) => `with ${policy} ${formatWork(expected)}${formatRange(least, most)}`);
  return `${changeWords({ recipes, added, removed })}: ${costs.join(", ")}.`;
}

/** Policies that cost more than the limit: only the first counts, which is the one that is in use. */
export function isAbove({ policies: [first], failAbove }: PredictionReport): boolean {
  return failAbove !== undefined && first !== undefined && (first.expected.seconds ?? 0) > failAbove * 3600;
}

/** What was asked for, and the files it was read from: a sentence each. */
export function settingSentences({ setting, inputs }: Pick<PredictionReport, "setting" | "inputs">): readonly string[] {
  const { builder, topology, outcomes, workers, seed, unique, outhash_extra: extra, release } = setting;
  const who =
    topology === undefined
      ? `built in ${builder === "fresh" ? "a fresh build directory" : "the directory of the build before"}`
      : formatTopology(topology.topology).replace("Built", "built");
  const rules = [
    `outputs that name their own hash: ${unique}`,
    ...(extra === null ? [] : [`outhashes with ${extra} beside outputs`]),
    ...(release === null ? [] : [`release ${Object.values(release).join(", ")}`]),
  ];
  return [
    `asked for: ${who}; ${formatCount(workers)} workers, seed ${seed}, outcomes ${outcomes}; ${rules.join("; ")}.`,
    ...inputs.map(
      ({ flag, name, sha256 }) =>
        `read for ${flag}: ${name}${sha256 === null ? ", which is no file: what it held is not known later" : ` (sha256 ${sha256.slice(0, 12)})`}.`,
    ),
  ];
}

const MOST_RECIPES = 3;

function changeWords({ recipes, added, removed }: Pick<PredictionReport, "recipes" | "added" | "removed">): string {
  const tasks = [
    ...(added > 0 ? [`${formatCount(added)} new ${added === 1 ? "task" : "tasks"}`] : []),
    ...(removed > 0 ? [`${formatCount(removed)} removed`] : []),
  ].join(", ");
  const [first] = recipes;
  if (first === undefined) return tasks === "" ? "Nothing changes" : `Nothing changes but ${tasks}`;
  const classes = [...new Set(recipes.flatMap((it) => it.classes))];
  const names = recipes.slice(0, MOST_RECIPES).map((it) => it.recipe);
  const more = recipes.length > MOST_RECIPES ? ` and ${formatCount(recipes.length - MOST_RECIPES)} more recipes` : "";
  const verb = recipes.length === 1 ? "changes" : "change";
  return `${names.join(", ")}${more} ${verb} (${classes.join(", ")})${tasks === "" ? "" : `, ${tasks}`}`;
}

function formatWork({ executed, seconds }: PredictedCost): string {
  const tasks = `${formatCount(executed)} ${executed === 1 ? "task" : "tasks"}`;
  return seconds === undefined ? tasks : `about ${formatDuration(seconds)} (${tasks})`;
}

function formatRange(least: PredictedCost, most: PredictedCost): string {
  if (least.seconds !== undefined && most.seconds !== undefined) {
    const [low, high] = [formatDuration(least.seconds), formatDuration(most.seconds)];
    return low === high ? "" : `, ${low} to ${high}`;
  }
  const [low, high] = [formatCount(least.executed), formatCount(most.executed)];
  return low === high ? "" : `, ${low} to ${high}`;
}
