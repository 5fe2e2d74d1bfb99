import { z } from "zod";
import {
  changeClass,
  count,
  exclude,
  names,
  ownChange,
  pair,
  side,
  sources,
  text,
  through,
  variableTexts,
  way,
  work,
} from "./parts.ts";

const reached = z.strictObject({ tasks: count, sstate: count, above: count }).meta({ id: "reached" });

/** Variables that came or went with a change of another that names them. */
const fellows = names.meta({ id: "fellows" });

const causeChange = ownChange(variableTexts, {
  variants: count,
  entered: names,
  brings: fellows,
  drops: fellows,
  way,
  exclude,
  class: changeClass,
});

const cause = z.strictObject({
  recipe: text.nullable(),
  class: changeClass,
  all: reached,
  only: reached,
  work: work.optional(),
  entered: names,
  lowest: names,
  changes: z.array(causeChange).readonly(),
});

const changedTask = z.strictObject({
  name: text,
  sstate: z.boolean(),
  basehash: pair,
  taskhash: pair,
  depid: pair,
  own: z.array(ownChange({}, {})).readonly(),
  through,
  stopped: names,
  kept: z.enum(["equivalence", "lock", "lifted", "unclear"]).nullable(),
  causes: z.array(count).readonly(),
});

/** What `depid diff --json` prints (`depid-diff/1`, docs/formats.md). */
export const diffDocumentSchema = z.strictObject({
  format: z.literal("depid-diff/1"),
  before: side,
  after: side,
  selection: text.optional(),
  multiconfig: z.strictObject({ before: text, after: text }).optional(),
  counts: z.strictObject({
    common: z.strictObject({ tasks: count, sstate: count }),
    changed: z.strictObject({ tasks: count, sstate: count }),
    added: count,
    removed: count,
    stopped: count,
    held: count,
    perhapsHeld: count,
    relocked: count,
  }),
  work: z
    .strictObject({
      durations: names,
      measure: z.enum(["elapsed", "cpu"]),
      workers: count,
      sources,
      changed: work,
      added: work,
    })
    .optional(),
  causes: z.array(cause).readonly(),
  tasks: z.array(changedTask).readonly(),
  added: names,
  removed: names,
  stopped: names,
  held: names,
  relocked: names,
});

export type DiffDocument = z.output<typeof diffDocumentSchema>;
