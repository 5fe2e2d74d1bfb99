import { DURATION_SOURCES } from "@depid/durations";
import { z } from "zod";
import { countNames } from "../measure/fates.ts";
import { OUTCOME_WORDS } from "../outcomes/outcome-model.ts";

export const text = z.string();
export const count = z.int().min(0);
/** To the millisecond; null: unknown. */
export const seconds = z.number().nullable();
export const builder = z.enum(["fresh", "persistent"]);
export const outcomeWord = z.enum(OUTCOME_WORDS);

/** From 0 to 1. */
export const share = z.number().min(0).max(1);

/** A list that nobody changes. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.array(item).readonly();
}

/** The history that was replayed: its file and header, and the dates of its first and last step. */
export const historyUsed = z.strictObject({
  source: text,
  header: z.record(text, text).readonly(),
  steps: count,
  from: text,
  to: text,
});

/** A file, or what is none, that a flag names. */
export const namedInput = z.strictObject({ flag: text, name: text, sha256: text.nullable() });

/** What replays go by, whatever they are for. */
export const replaySetting = z.strictObject({
  outcomes: text,
  unique: text,
  outhash_extra: text.nullable(),
  release: z.record(text, text).readonly().nullable(),
  workers: count,
  seed: z.number(),
});

/** An object with all of these keys. */
function byName<K extends string, T extends z.ZodType>(names: readonly K[], value: T) {
  return z.strictObject(Object.fromEntries(names.map((it) => [it, value])) as Record<K, T>);
}

/** A figure for each of the counts. */
export function byCount<T extends z.ZodType>(figure: T) {
  return byName(countNames, figure);
}

/** How many tasks have their seconds from which source. */
export const sourceShares = byName(DURATION_SOURCES, count).meta({ id: "sources" });

/** Where the seconds of a replay come from. */
export const durationsUsed = z.strictObject({
  names: listOf(text),
  measure: z.enum(["elapsed", "cpu"]),
  knowsRestoring: z.boolean(),
  shares: z.strictObject({ real: sourceShares, setscene: sourceShares }),
});

/** How much each source of a chain decided. */
export const shares = listOf(
  z.strictObject({ name: text, changes: count, above: count.optional(), outputs: count.optional() }),
);

/** What the outcomes were made of. */
export const account = z
  .strictObject({
    sources: shares,
    notes: listOf(z.strictObject({ source: text, note: text })),
    unused_labels: listOf(z.strictObject({ source: text, place: count, commit: text })),
    undecided: listOf(z.strictObject({ step: count, pn: text, tasks: listOf(text), changes: count, by: text })),
    unique: listOf(z.strictObject({ task: text, reason: text, disproved: listOf(text) })),
  })
  .meta({ id: "account" });
