import { z } from "zod";

export const IRREPRODUCIBLE_FORMAT = "depid-irreproducible/1";

const pattern = z.string().min(1);

/** With which a run gives another output than its inputs usually give. */
export const runProbability = z.number().min(0).max(1);

/** A file of tasks that are not reproducible (`depid-irreproducible/1`, docs/formats.md). */
export const irreproducibleSchema = z.strictObject({
  format: z.literal(IRREPRODUCIBLE_FORMAT),
  tasks: z
    .array(
      z.strictObject({
        recipe: pattern.optional(),
        task: pattern.optional(),
        probability: runProbability,
        does: z.enum(["contained", "propagating"]).optional(),
        because: z.string().min(1).optional(),
      }),
    )
    .min(1, "expected at least one")
    .readonly(),
});
