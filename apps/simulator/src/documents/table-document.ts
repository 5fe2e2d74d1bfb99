import { z } from "zod";

const text = z.string();
const texts = z.array(text).readonly();
const count = z.int().min(0);
/** Unknown of one build, and so in sum. */
const known = count.nullable();

const run = z.strictObject({
  build: text,
  recipe: text,
  version: text,
  task: text,
  seconds: z.number(),
  cpu: z.number().nullable(),
  start: z.number(),
  status: z.enum(["passed", "failed"]).nullable(),
});

const told = {
  wanted: known,
  found: known,
  attempted: known,
  skipped: known,
  failed: known,
  executed: known,
  restored: known,
  noexec: known,
};

const loggedBuild = z.strictObject({
  build: count,
  line: count,
  ...told,
  local: known,
  mirrors: known,
  missed: known,
  current: known,
  finished: z.boolean(),
  rehashes: count,
  unknown: texts,
});

const output = text.nullable().meta({ id: "output" });
const sentences = texts.meta({ id: "sentences" });
const leftOut = z
  .array(z.strictObject({ reason: text, count, examples: texts }))
  .readonly()
  .meta({ id: "left-out" });

/** Of an import that writes a table, with what it alone tells between what all tell. */
function tableDocument<What extends string, More extends z.ZodRawShape>(what: What, more: More) {
  return z.strictObject({
    import: z.literal(what),
    output,
    source: text,
    rows: count,
    leftOut,
    unknown: sentences,
    assumed: sentences,
    ...more,
  });
}

/** What `depid import dot`, `buildstats`, … print with `--json` (docs/formats.md). */
export const tableDocumentSchema = z.discriminatedUnion("import", [
  tableDocument("dot", {
    tasks: count,
    edges: count,
    recipes: count,
    tasksWithoutFile: count,
    listedRecipes: count.optional(),
    listedWithoutTask: count.optional(),
    unlistedRecipes: count.optional(),
  }),
  tableDocument("buildstats", {
    builds: count,
    recipes: count,
    setscene: count,
    failed: count,
    seconds: z.number(),
    cpuSeconds: z.number(),
    withoutCpu: count,
    slowest: z.array(run).readonly(),
  }),
  tableDocument("buildhistory", {
    builds: count,
    new: count.optional(),
    changed: count.optional(),
    gone: count.optional(),
    restored: count.optional(),
    changedWithSameTaskhash: count.optional(),
  }),
  tableDocument("hashserv", {
    ownDepids: count.optional(),
    marked: count.optional(),
    withRecipe: count.optional(),
    withText: count.optional(),
  }),
  tableDocument("sstate", {
    archives: count,
    links: count,
    withoutSiginfo: count,
    siginfoAlone: count,
    recipes: count,
    bytes: count,
  }),
  tableDocument("stamps", {
    real: count.optional(),
    setscene: count.optional(),
    taint: count.optional(),
    sigdata: count.optional(),
    sigbasedata: count.optional(),
  }),
  tableDocument("locked-sigs", {
    signatures: count,
    inForce: count,
    withoutEffect: count,
    undecided: count,
    groups: count,
    recipes: count,
    depids: count,
    machine: text.nullable(),
    lockGroups: z.array(z.strictObject({ name: text, signatures: count, named: z.boolean().nullable() })).readonly(),
    unlockedRecipes: texts,
  }),
  tableDocument("log", { builds: count, ...told, rehashes: count, perBuild: z.array(loggedBuild).readonly() }),
]);

export type TableDocument = z.output<typeof tableDocumentSchema>;
