import { z } from "zod";

const text = z.string();
const texts = z.array(text).readonly();
const count = z.int().min(0);

/** What `depid doctor --json` prints (`depid-doctor/1`, docs/formats.md). */
export const doctorDocumentSchema = z.strictObject({
  format: z.literal("depid-doctor/1"),
  subject: z.strictObject({ build: text.optional(), sstate: text.optional(), hashserv: text.optional() }),
  settings: z.array(z.strictObject({ name: text, value: text.nullable(), from: text })).readonly(),
  counts: z.record(text, count).readonly(),
  unknown: texts,
  assumed: texts,
  findings: z
    .array(
      z.strictObject({
        id: text,
        severity: z.enum(["error", "warning", "note"]),
        seen: text,
        count,
        examples: z.array(z.record(text, z.union([text, z.number()])).readonly()).readonly(),
        why: text,
        wayOut: texts,
      }),
    )
    .readonly(),
});

export type DoctorDocument = z.output<typeof doctorDocumentSchema>;
