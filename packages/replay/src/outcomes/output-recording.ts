import { describeProblem } from "@depid/task-graph/read";
import { z } from "zod";
import { RecordingError } from "../errors.ts";
import { OUTHASH_METHOD } from "../outhash.ts";
import { mainMethodOf, type OutputRecording } from "./output-records.ts";

const text = z.string();
const tables = z
  .object({
    outhashes: z.array(z.object({ method: text.optional(), taskhash: text, outhash: text })).optional(),
    equivalences: z
      .array(z.object({ method: text.optional(), taskhash: text, unihash: text.optional(), depid: text.optional() }))
      .optional(),
  })
  .refine((it) => it.outhashes !== undefined || it.equivalences !== undefined, {
    error: "expected the keys outhashes and equivalences, or one of them",
  });

/**
 * Reads the tables of a hash equivalence server in one JSON object: `outhashes` (`taskhash`, `outhash`) and `equivalences` (`taskhash`, `unihash` or
 * `depid`), either of which may be missing; other keys are passed over. A row without `method` is of the method that most rows have.
 *
 * @throws {RecordingError} naming source and field
 */
export function parseOutputRecording(content: string, source: string): OutputRecording {
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch (cause) {
    throw new RecordingError(source, `expected JSON: ${(cause as Error).message}`, { cause });
  }
  const result = tables.safeParse(data);
  if (!result.success) throw new RecordingError(source, describeProblem(result.error));
  const { outhashes, equivalences } = result.data;
  const named = [...(outhashes ?? []), ...(equivalences ?? [])].flatMap(({ method }) =>
    method === undefined ? [] : [{ method, taskhash: "", outhash: "" }],
  );
  const main = mainMethodOf({ reports: named }) ?? OUTHASH_METHOD;
  return {
    ...(outhashes === undefined ? {} : { reports: outhashes.map((row) => ({ ...row, method: row.method ?? main })) }),
    ...(equivalences === undefined
      ? {}
      : {
          equivalences: equivalences.map(({ method = main, taskhash, unihash, depid }, i) => {
            const given = depid ?? unihash;
            if (given === undefined) throw new RecordingError(source, `equivalences[${i}]: expected unihash or depid`);
            return { method, taskhash, depid: given };
          }),
        }),
  };
}
