import { z } from "zod";
import { builder, count, listOf, namedInput, replaySetting, seconds, text } from "./parts.ts";

const cost = z.strictObject({ executed: count, restored: count, seconds, wall: seconds }).meta({ id: "cost" });

/** What `depid predict --json` prints (`depid-prediction/1`, docs/formats.md). */
export const predictionDocumentSchema = z.strictObject({
  format: z.literal("depid-prediction/1"),
  base: text,
  head: text,
  setting: z.strictObject({
    builder,
    topology: text.optional(),
    ...replaySetting.shape,
  }),
  inputs: listOf(namedInput),
  sentence: text,
  recipes: listOf(z.strictObject({ recipe: text, changes: count, classes: listOf(text) })),
  added: count,
  removed: count,
  policies: listOf(z.strictObject({ policy: text, expected: cost, least: cost, most: cost, stops: listOf(text) })),
  limit: z.strictObject({ hours: z.number(), above: z.boolean() }).nullable(),
  notes: listOf(text),
});

export type PredictionDocument = z.output<typeof predictionDocumentSchema>;
