import { z } from "zod";

const text = z.string();
const count = z.int().min(0);

const label = z.strictObject({
  commit: text,
  recipe: text.nullable(),
  task: text.nullable(),
  reason: text,
  sure: z.boolean(),
  step: count,
  title: text.nullable(),
  source: text.nullable(),
  changes: count,
  recipes: count,
  reaches: count,
  outcome: z.enum(["neutral", "contained", "propagating"]),
});

/** What `depid label --json` prints (`depid-label-draft/1`, docs/formats.md). */
export const labelDocumentSchema = z.strictObject({
  format: z.literal("depid-label-draft/1"),
  history: text,
  output: text.nullable(),
  sources: z.array(text).readonly(),
  given: text.nullable(),
  changes: count,
  labelled: count,
  withoutTexts: count,
  unnamed: z.array(z.strictObject({ step: count, id: text, changes: count })).readonly(),
  labels: z.array(label).readonly(),
});

export type LabelDocument = z.output<typeof labelDocumentSchema>;
