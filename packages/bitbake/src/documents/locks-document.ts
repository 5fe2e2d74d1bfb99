import { z } from "zod";

const text = z.string();
const texts = z.array(text).readonly();

/** What `depid check-locks --json` prints (`depid-locks/1`, docs/formats.md). */
export const locksDocumentSchema = z.strictObject({
  format: z.literal("depid-locks/1"),
  locks: text,
  build: text,
  machine: text.nullable(),
  groups: z.array(z.strictObject({ name: text, signatures: z.int().min(0), named: z.boolean().nullable() })).readonly(),
  unlockedRecipes: texts,
  checked: z
    .array(
      z.strictObject({
        kind: z.enum(["signature", "depid"]),
        group: text,
        name: text,
        taskhash: text.nullable(),
        depid: text,
        state: z.enum(["fits", "differs", "without effect", "unknown"]),
        why: text.nullable(),
        computed: text.nullable(),
        holds: texts,
      }),
    )
    .readonly(),
  held: z.array(z.strictObject({ name: text, setscene: z.boolean() })).readonly(),
  unknown: texts,
  assumed: texts,
});

export type LocksDocument = z.output<typeof locksDocumentSchema>;
