import { z } from "zod";
import { builder, count, historyUsed, listOf, seconds, text } from "./parts.ts";

const cost = z.strictObject({ tasks: z.int(), seconds }).meta({ id: "cost" });
const saving = z.strictObject({ policy: text, tasks: z.int(), seconds }).meta({ id: "saving" });

/** What `depid advise --json` prints (`depid-answer/1`, docs/formats.md). */
export const answerDocumentSchema = z.strictObject({
  format: z.literal("depid-answer/1"),
  history: historyUsed,
  setting: z.strictObject({ builder, outcomes: text, workers: count, seed: z.number(), topology: text.optional() }),
  builds: count,
  frontier: listOf(
    z.strictObject({
      policy: text,
      role: z.enum(["choice", "baseline", "ideal"]),
      cost,
      saved: cost.nullable(),
      needless: cost,
      stale: count,
      traffic: z.strictObject({ lookups: count, batches: count, reports: count, objects: count }),
      dominated_by: listOf(text),
    }),
  ),
  leverage: z
    .strictObject({
      recipes: listOf(
        z.strictObject({
          recipe: text,
          changes: count,
          steps: count,
          tasks: listOf(text),
          saved: listOf(saving),
          why: listOf(z.strictObject({ by: text, reason: text, sure: z.boolean(), changes: count })),
        }),
      ),
      together: listOf(saving),
      self_naming: listOf(saving),
      left: count,
    })
    .nullable(),
  advice: listOf(
    z.strictObject({
      about: z.enum(["choice", "wrong", "dominated", "timing", "stable", "labels"]),
      sentence: text,
      figures: z.record(text, z.number()).readonly(),
      overturned: text,
    }),
  ),
  notes: listOf(text),
});

export type AnswerDocument = z.output<typeof answerDocumentSchema>;
