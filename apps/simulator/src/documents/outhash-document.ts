import { z } from "zod";

const text = z.string();
const output = { input: text, text, outhash: text };

/** What `depid outhash --json` prints (`depid-outhash/1`, docs/formats.md). */
export const outhashDocumentSchema = z.strictObject({
  format: z.literal("depid-outhash/1"),
  method: text,
  ...output,
  assumed: z.array(text).readonly(),
  against: z
    .strictObject({
      ...output,
      differences: z
        .array(
          z.strictObject({
            path: text,
            what: z
              .array(
                z.enum(["added", "removed", "mode", "owner", "time", "size", "hash", "target", "setting", "other"]),
              )
              .readonly(),
            before: text.optional(),
            after: text.optional(),
          }),
        )
        .readonly(),
    })
    .optional(),
});

export type OuthashDocument = z.output<typeof outhashDocumentSchema>;
