import type { SuggestedOutcome } from "@depid/compare";
import { uniformOf, YamlText } from "@depid/replay";
import { z } from "zod";
import { CLASS_NAMES } from "./class-names.ts";
import { ClassOddsError } from "./errors.ts";

/** What a change of a class does with which probability; what is left of 1 is not known. In the order in which they are drawn. */
export type Odds = Readonly<Partial<Record<SuggestedOutcome, number>>>;

/** Odds by the class of a change; of a class that is not there nothing is known. */
export type ClassOdds = ReadonlyMap<string, Odds>;

export const CLASS_ODDS_FORMAT = "depid-class-odds/1";

const ORDER = ["neutral", "contained", "propagating"] as const satisfies readonly SuggestedOutcome[];
const probability = z.number().min(0).max(1);
const odds = z
  .strictObject({
    neutral: probability.optional(),
    contained: probability.optional(),
    propagating: probability.optional(),
  })
  .refine((it) => sumOf(it) <= 1 + 1e-9, "expected probabilities that add up to 1 or less");

const STRANGER = `expected a class of changes: ${CLASS_NAMES.join(", ")}`;

/** A file of odds (`depid-class-odds/1`, docs/formats.md). */
export const classOddsSchema = z.strictObject({
  format: z.literal(CLASS_ODDS_FORMAT),
  classes: z.partialRecord(z.enum(CLASS_NAMES), odds, {
    // Zod's types do not know that a record tells of such keys.
    error: ({ code }) => ((code as string) === "unrecognized_keys" ? STRANGER : undefined),
  }),
});

/**
 * Reads the odds of classes (YAML, `depid-class-odds/1`).
 *
 * @param source what the text came from, for messages
 * @throws {ClassOddsError} naming source, line, column and field
 */
export function parseClassOdds(text: string, source: string): ClassOdds {
  const { classes } = new YamlText(text, source, ClassOddsError).parse(classOddsSchema);
  return new Map(
    Object.entries(classes).map(([name, { neutral = 0, contained = 0, propagating = 0 } = {}]) => [
      name,
      { neutral, contained, propagating },
    ]),
  );
}

/** Draws what a change does. @param draw the same text draws the same @returns `undefined`: not known */
export function drawOutcome(odds: Odds | undefined, draw: string): SuggestedOutcome | undefined {
  if (odds === undefined) return undefined;
  const at = uniformOf(draw);
  let below = 0;
  return ORDER.find((outcome) => {
    below += odds[outcome] ?? 0;
    return at < below;
  });
}

function sumOf(given: { readonly [outcome: string]: number | undefined }): number {
  return Object.values(given).reduce<number>((sum, it) => sum + (it ?? 0), 0);
}
