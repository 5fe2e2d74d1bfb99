import { FATES } from "@depid/replay";
import { replayDocumentSchema } from "@depid/replay/documents";
import { z } from "zod";

const text = z.string();
const count = z.int().min(0);
/** Whole numbers as text. */
const numbers = text.regex(/^[A-Za-z0-9+/]*={0,2}$/);

const cell = z.strictObject({
  fate: z.enum(FATES),
  needless: z.boolean(),
  timing: z.boolean(),
  stale: z.boolean(),
  why: text,
});

const build = z.strictObject({
  policy: text,
  builder: text.optional(),
  step: count,
  taskhashes: text,
  cell: numbers,
  by: numbers,
  depid: numbers,
});

const durations = z.strictObject({ step: count, real: numbers, setscene: numbers });

/** All that a replay showed, in one file (`depid-run/1`, docs/formats.md). */
export const runDocumentSchema = z.strictObject({
  format: z.literal("depid-run/1"),
  replay: replayDocumentSchema,
  history: z.array(text).readonly(),
  tasks: z.array(text).readonly(),
  recipes: z.array(text).readonly(),
  cells: z.array(cell).readonly(),
  depids: z.array(text).readonly(),
  durations: z.array(durations).readonly(),
  builds: z.array(build).readonly(),
});

export type RunDocument = z.output<typeof runDocumentSchema>;
