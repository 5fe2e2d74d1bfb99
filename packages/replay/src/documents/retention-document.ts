import { z } from "zod";
import { builder, count, listOf, seconds, text } from "./parts.ts";

const cost = {
  kept_bytes: count,
  kept_objects: count,
  executed: count,
  restored: count,
  seconds,
  lost_tasks: z.int(),
  lost_seconds: seconds,
};

/** What `depid retention --json` prints (`depid-retention/1`, docs/formats.md). */
export const retentionDocumentSchema = z.strictObject({
  format: z.literal("depid-retention/1"),
  history: text,
  steps: count,
  setting: z.strictObject({
    builder,
    topology: text.exactOptional(),
    outcomes: text,
    workers: count,
    seed: z.number(),
  }),
  answers: listOf(text),
  grounds: listOf(text),
  curves: listOf(
    z.strictObject({
      policy: text,
      all: z.strictObject(cost),
      points: listOf(
        z.union([
          z.strictObject({ rule: z.enum(["lru", "size"]), bytes: count, ...cost }),
          z.strictObject({ rule: z.enum(["unused", "age"]), steps: count, ...cost }),
        ]),
      ),
    }),
  ),
});

export type RetentionDocument = z.output<typeof retentionDocumentSchema>;
