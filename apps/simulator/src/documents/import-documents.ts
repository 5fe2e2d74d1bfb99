import { z } from "zod";

const text = z.string();
const texts = z.array(text).readonly();
const count = z.int().min(0);
const knowledge = { unknown: texts, assumed: texts };

/** What `depid import sigdata --json` prints (docs/formats.md). */
export const sigdataDocumentSchema = z.strictObject({
  import: z.literal("sigdata"),
  output: text.nullable(),
  files: count,
  tasks: count,
  older: count,
  leftOut: count,
  withoutTaskhash: count,
  mismatches: z
    .array(
      z.strictObject({
        file: text,
        task: text,
        hash: z.enum(["basehash", "taskhash"]),
        stated: text,
        computed: text,
      }),
    )
    .readonly(),
  ...knowledge,
});

/** What `depid import capture --json` prints (docs/formats.md). */
export const captureDocumentSchema = z.strictObject({
  import: z.literal("capture"),
  output: text,
  builds: count,
  unchanged: count,
  tasks: count,
  steps: z
    .array(
      z.strictObject({
        step: count,
        id: text,
        tasks: count,
        upserted: count,
        removed: count,
        changed: count.nullable(),
      }),
    )
    .readonly(),
  ...knowledge,
});

/** What `depid import git --json` prints (docs/formats.md). */
export const gitDocumentSchema = z.strictObject({
  import: z.literal("git"),
  output: text,
  states: count,
  captured: count,
  kept: count,
  unchanged: count,
  steps: count,
  tasks: count,
  failed: z.array(z.strictObject({ id: text, title: text, reason: text, log: text })).readonly(),
  ...knowledge,
});

export type SigdataDocument = z.output<typeof sigdataDocumentSchema>;
export type CaptureDocument = z.output<typeof captureDocumentSchema>;
export type GitDocument = z.output<typeof gitDocumentSchema>;
