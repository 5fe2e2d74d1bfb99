import { z } from "zod";
import {
  changeClass,
  count,
  exclude,
  names,
  ownChange,
  pair,
  side,
  text,
  through,
  variableTexts,
  way,
} from "./parts.ts";

const changedInput = ownChange(variableTexts, {});
const explainedChange = ownChange(variableTexts, { way, exclude }).meta({ id: "explained-change" });

/** Own changes of one task, from one file or build to another, each with its way through variables. */
export const explainedChanges = z.array(explainedChange).readonly();

const hashed = z.strictObject({
  length: count,
  basehash: z.strictObject({ hash: text, variables: count.nullable() }),
  dependencies: z
    .array(
      z.strictObject({
        name: text,
        depid: text,
        is: z.enum(["taskhash", "equal", "locked", "perhaps", "earlier", "missing"]),
      }),
    )
    .readonly(),
  files: z.array(z.tuple([text, text.nullable()]).readonly()).readonly(),
  taint: text.nullable(),
  recomputed: text,
  exact: z.boolean(),
});

const root = z.strictObject({
  cause: count,
  recipe: text.nullable(),
  class: changeClass,
  changes: z.array(changedInput).readonly(),
  entered: names,
  path: names,
});

const compared = side.extend({ stopped: names });

/** What follows `result` where the task has another taskhash in the other build. */
const changed = compared.extend({
  result: z.literal("changed"),
  taskhash: pair,
  depid: pair,
  own: explainedChanges,
  through,
  roots: z.array(root).readonly(),
  ways: text.nullable(),
  paths: z.array(names).readonly().optional(),
  pathsLeft: text.nullable().optional(),
  stops: z.strictObject({
    direct: names.nullable(),
    lowestSstate: names,
    unstoppable: names,
    stopped: names,
    held: names,
    locked: names,
    passed: names,
  }),
});

/** What `depid explain --json` prints (`depid-explain/1`, docs/formats.md). */
export const explainDocumentSchema = z.strictObject({
  format: z.literal("depid-explain/1"),
  build: text,
  task: z.strictObject({
    name: text,
    tid: text,
    sstate: z.boolean(),
    taskhash: text,
    depid: text,
    lock: z.enum(["locked", "perhaps", "no"]),
  }),
  hashed,
  signatureFiles: z
    .array(
      z.strictObject({
        file: text,
        isCurrent: z.boolean(),
        isForeign: z.boolean(),
        taskhash: text.nullable(),
        depid: text.nullable(),
      }),
    )
    .readonly()
    .optional(),
  mismatches: z
    .array(z.strictObject({ file: text, stated: text, taskhash: text, changes: explainedChanges }))
    .readonly()
    .optional(),
  against: z
    .discriminatedUnion("result", [compared.extend({ result: z.enum(["same", "absent"]) }), changed])
    .optional(),
});

export type ExplainDocument = z.output<typeof explainDocumentSchema>;

/** An own change with its texts whole. */
export type ChangedInput = z.output<typeof changedInput>;
export type ExplainedChange = z.output<typeof explainedChange>;
