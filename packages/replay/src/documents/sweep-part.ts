import { z } from "zod";
import { builder, byCount, count, durationsUsed, listOf, namedInput, replaySetting, share, text } from "./parts.ts";

const sums = byCount(count);
const time = z.strictObject({ serial: byCount(z.number()), wall: z.number(), critical: z.number() });

/** What a sweep was asked for, which its parts have in common. */
export const sweepPlan = {
  history: z.strictObject({
    source: text,
    sha256: text,
    header: z.record(text, text).readonly(),
    steps: count,
    from: text,
    to: text,
  }),
  setting: z.strictObject({
    policies: listOf(z.strictObject({ name: text, definition: text })),
    builder,
    ...replaySetting.shape,
    neutral: listOf(share),
    samples: count,
    spread: z.number(),
    unsure: z.enum(["kept", "drawn"]),
  }),
  inputs: listOf(namedInput),
  durations: durationsUsed.nullable(),
  groups: listOf(z.strictObject({ step: count, recipe: text, changes: count })),
  assumed: listOf(text),
};

/** What one replay of a sweep measured. */
export const sampleRow = z.strictObject({
  sample: count,
  neutral: share,
  drawn: z.strictObject({ of: count, changes: count, neutral: count }),
  policies: listOf(z.strictObject({ sum: sums, time: time.exactOptional() })),
});

/** What `depid sweep --shard` writes (`depid-sweep-part/1`, docs/formats.md). */
export const sweepPartSchema = z.strictObject({
  format: z.literal("depid-sweep-part/1"),
  ...sweepPlan,
  shard: z.strictObject({ place: z.int().min(1), of: z.int().min(1) }),
  samples: listOf(sampleRow),
});

export type SweepPart = z.output<typeof sweepPartSchema>;
