import { z } from "zod";
import { explainedChanges } from "./explain-document.ts";
import { count, text } from "./parts.ts";

/** What `depid explain --console --json` prints (`depid-mismatch/1`, docs/formats.md). */
export const mismatchDocumentSchema = z.strictObject({
  format: z.literal("depid-mismatch/1"),
  log: text,
  build: text,
  unread: z.array(count).readonly(),
  tasks: z
    .array(
      z.strictObject({
        tid: text,
        line: count,
        claims: z
          .array(z.strictObject({ hash: z.enum(["taskhash", "basehash"]), server: text, worker: text }))
          .readonly(),
        serverFile: text.nullable(),
        workerFile: text.nullable(),
        changes: explainedChanges,
      }),
    )
    .readonly(),
});

export type MismatchDocument = z.output<typeof mismatchDocumentSchema>;
