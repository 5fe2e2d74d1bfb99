import { z } from "zod";
import { byCount, count, listOf, share, text } from "./parts.ts";
import { sweepPlan } from "./sweep-part.ts";

const range = z.strictObject({ median: z.number(), low: z.number(), high: z.number() }).meta({ id: "range" });
const policies = z.tuple([text, text]).readonly();
const serial = byCount(range).extend({ restored: range.nullable() });

/** What `depid sweep --json` and `depid merge --json` print (`depid-sweep/1`, docs/formats.md). */
export const sweepDocumentSchema = z.strictObject({
  format: z.literal("depid-sweep/1"),
  ...sweepPlan,
  definitions: z.strictObject({ counts: byCount(text), policies: z.record(text, text), notes: listOf(text) }),
  confidence: z.strictObject({
    unit: z.enum(["seconds", "tasks"]),
    pairs: listOf(
      z.strictObject({
        policies,
        points: listOf(
          z.strictObject({
            neutral: share,
            saved: range,
            wins: count,
            ties: count,
            p: share,
            needed: count.nullable(),
          }),
        ),
        break_even: listOf(z.strictObject({ neutral: share, low: share, high: share })),
      }),
    ),
    tornado: listOf(
      z.strictObject({
        neutral: share,
        policies,
        chance: z.number(),
        groups: listOf(
          z.strictObject({
            step: count,
            recipe: text,
            changes: count,
            if_neutral: z.number(),
            if_propagating: z.number(),
          }),
        ),
      }),
    ),
  }),
  points: listOf(
    z.strictObject({
      neutral: share,
      drawn: z.strictObject({ of: range, changes: range, neutral: range }),
      policies: listOf(
        z.strictObject({
          name: text,
          counts: byCount(range),
          time: z.strictObject({ serial, wall: range, critical: range }).optional(),
        }),
      ),
    }),
  ),
});

export type SweepDocument = z.output<typeof sweepDocumentSchema>;
