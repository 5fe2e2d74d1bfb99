import { z } from "zod";
import { account, builder, count, listOf, share, text } from "./parts.ts";

const agreement = z.strictObject({ both: count, onlyPredicted: count, onlyReal: count }).meta({ id: "agreement" });
const agreements = z.strictObject({ executed: agreement, restored: agreement });
const summed = agreement.extend({ precision: share.nullable(), recall: share.nullable() });
const runs = z.strictObject({ tids: listOf(text), always: listOf(text), sometimes: listOf(text) }).meta({ id: "runs" });

const recording = z.strictObject({
  source: text,
  kind: text,
  assignedBy: text,
  agreement: agreements,
  discrepancies: listOf(
    z.strictObject({
      tid: text,
      kind: z.enum(["executed", "restored"]),
      how: z.enum(["only predicted", "only real"]),
      outside: z.boolean(),
      saw: listOf(text),
    }),
  ),
  unknown: listOf(text),
});

/** What `depid verify --json` prints (`depid-verify/1`, docs/formats.md). */
export const verifyDocumentSchema = z.strictObject({
  format: z.literal("depid-verify/1"),
  history: text,
  setting: z.strictObject({
    policy: text,
    builder,
    outcomes: text,
    durations: text,
    workers: count,
    seed: z.number(),
    samples: count,
    spread: z.number(),
  }),
  sums: z.strictObject({ executed: summed, restored: summed }),
  least: share,
  account,
  notes: listOf(text),
  steps: listOf(
    z.strictObject({
      step: count,
      id: text,
      title: text,
      predicted: z.strictObject({ executed: runs, restored: runs }),
      builds: listOf(recording),
    }),
  ),
});

export type VerifyDocument = z.output<typeof verifyDocumentSchema>;
