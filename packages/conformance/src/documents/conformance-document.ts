import { z } from "zod";

const text = z.string();
const count = z.int().min(0);
const kind = z.enum(["scenario", "outhash-vector", "history", "conversation", "unreadable"]).meta({ id: "kind" });
const recording = { path: text, kind };

/** What `npm run conformance -- --json` prints (`depid-conformance/1`). */
export const conformanceDocumentSchema = z.strictObject({
  format: z.literal("depid-conformance/1"),
  passed: count,
  failed: count,
  skipped: count,
  recordings: z
    .array(
      z.discriminatedUnion("verdict", [
        z.strictObject({ ...recording, verdict: z.literal("agrees"), but: text.optional() }),
        z.strictObject({ ...recording, verdict: z.literal("differs"), difference: text }),
        z.strictObject({ ...recording, verdict: z.literal("awaits"), missing: text }),
        z.strictObject({ ...recording, verdict: z.literal("broken"), problem: text }),
      ]),
    )
    .readonly(),
});

export type ConformanceDocument = z.output<typeof conformanceDocumentSchema>;
