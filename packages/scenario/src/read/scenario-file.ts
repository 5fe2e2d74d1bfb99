import { OUTCOME_WORDS, runProbability } from "@depid/replay";
import { z } from "zod";

export const SCENARIO_FORMAT = "depid-scenario/1";

const text = z.string().min(1);
const recipeName = z.string().regex(/^[A-Za-z0-9][\w.+-]*$/, "expected the name of a recipe, such as busybox");
const taskName = z.string().regex(/^do_\w+$/, "expected the name of a task, such as do_compile");
/** Of a task anywhere in the scenario, or of one in the same recipe. */
const reference = z
  .string()
  .regex(
    /^([A-Za-z0-9][\w.+-]*:)?do_\w+$/,
    "expected a task, such as busybox:do_compile, or do_compile of the same recipe",
  );
const fullName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.+-]*:do_\w+$/, "expected a task with its recipe, such as busybox:do_compile");
const names = z.union([fullName, z.array(fullName)]);
const references = z.union([reference, z.array(reference)]);
const span = z.union([
  z.number().min(0),
  z.string().regex(/^\d+(\.\d+)? ?(s|min|h)$/, "expected a time, such as 90 s, 2.5 min or 31 h"),
]);
const variables = z.record(text, z.string());
/** Names of files, with something in place of their checksums. */
const files = z.record(text, z.union([z.string(), z.number()]));

const task = z.strictObject({
  needs: references.optional(),
  after: references.optional(),
  hashes: references.optional(),
  setscene: z.boolean().optional(),
  takes: span.optional(),
  restoring: span.optional(),
  variables: variables.optional(),
  files: files.optional(),
  passes_on: references.optional(),
  run: text.optional(),
  irreproducible: runProbability.optional(),
});

const expected = z.record(
  text,
  z.strictObject({ runs: names.optional(), restores: names.optional(), stale: names.optional() }),
);

const change = z.strictObject({
  task: names,
  run: text.optional(),
  variables: variables.optional(),
  files: files.optional(),
  needs: names.optional(),
  hashes: names.optional(),
  does: z.enum(OUTCOME_WORDS).optional(),
  as: z.int().min(0).optional(),
  outhash: z.literal("same").optional(),
  spares: z.union([recipeName, z.array(recipeName)]).optional(),
  because: text.optional(),
});

const step = z.strictObject({
  title: text,
  targets: names.optional(),
  /** Of recipes that have another version (PV) from this step on. */
  versions: z.record(recipeName, text).optional(),
  changes: z.array(change).min(1).optional(),
  expect: expected.optional(),
});

/** A scenario as it is written (docs/formats.md). */
export const scenarioFileSchema = z.strictObject({
  format: z.literal(SCENARIO_FORMAT),
  title: text,
  explanation: text,
  recipes: z.record(
    recipeName,
    z.strictObject({ version: text.optional(), tasks: z.record(taskName, task.nullable()) }),
  ),
  policies: z.array(text).min(1).optional(),
  builder: z.enum(["fresh", "persistent"]).optional(),
  workers: z.int().min(1).optional(),
  /** Parts with readers of their own. */
  topology: z.unknown().optional(),
  policy_options: z.unknown().optional(),
  outhash_extra: z.enum(["oe-core", "none"]).optional(),
  targets: names.optional(),
  steps: z.array(step).min(1),
});

export type ScenarioFile = z.output<typeof scenarioFileSchema>;
export type TaskInFile = z.output<typeof task>;
export type ChangeInFile = z.output<typeof change>;
