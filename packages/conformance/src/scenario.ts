import {
  configPrefix,
  DepidError,
  formatTaskName,
  HASH_EXPECTED,
  HASH_TEXT,
  InvalidTidError,
  outsideReason,
  parseTid,
  splitTaskName,
  splitTid,
  type Tid,
} from "@depid/hash";
import { z } from "zod";

/** A recording that was to be a run queue scenario and is none. */
export class ScenarioError extends DepidError {
  readonly code = "SCENARIO";
  /** @param field its path, such as "steps[1].result.stamps"; "" for the whole */
  constructor(field: string, problem: string, options?: ErrorOptions) {
    super(problem, { source: "run queue scenario", field, ...options });
  }
}

const text = z.string();
const texts = z.array(text);
/** Recorded tids are `pn:task`, or `mc:NAME:pn:task`. */
const tid = text.transform((name, context): Tid => {
  try {
    return parseRecordedTid(name);
  } catch (error) {
    context.addIssue({ code: "custom", message: outsideReason(error) });
    return z.NEVER;
  }
});
const tids = z.array(tid);
const byTid = <T extends z.ZodType>(value: T) =>
  z.record(text, value).transform((record, context) => {
    const entries = Object.entries(record).map(([name, of]) => [tid.safeParse(name), of] as const);
    const bad = entries.find(([name]) => !name.success);
    if (bad !== undefined) context.addIssue({ code: "custom", message: bad[0].error?.issues[0]?.message ?? "" });
    return new Map(entries.flatMap(([name, of]) => (name.success ? [[name.data, of as z.output<T>] as const] : [])));
  });

const graph = byTid(
  z.object({
    depends: tids,
    hash_depends: tids.optional(),
    setscene: z.boolean().default(false),
    noexec: z.boolean().default(false),
    nostamp: z.boolean().default(false),
    weight: z.number(),
  }),
);
const scenequeue = byTid(z.object({ users: tids, covers: tids, hard_depends: tids }));
const order = z.object({ priority: tids.nullable(), setscene_order: tids });
const bounds = z.object({ always: tids, sometimes: tids });
const start = z.object({
  unskippable: tids,
  cantskip: tids,
  valid: tids,
  stamp_present: tids,
  noexec: tids,
  no_object: tids,
  deferred: byTid(tid),
});
const change = z.discriminatedUnion("do", [
  z.object({ do: z.enum(["wipe-tmp", "wipe-builder", "wipe-unihash-cache", "wipe-hashserv", "wipe-sstate"]) }),
  z.object({ do: z.enum(["drop-sstate", "drop-stamps"]), recipe: text, task: text.optional() }),
  z.object({ do: z.literal("sleep"), seconds: z.number() }),
  z.object({ do: z.literal("version"), recipe: text, value: text }),
  // Changes of the model behind the recording: what they come to is in the recorded hashes and graphs.
  z.object({
    do: z.enum(["neutral", "effect", "depends", "rdepends", "recipe", "file", "nostamp", "sealed"]),
  }),
]);

/** What BitBake made of a step as far as it got: a build that stops early lacks some fields. */
const result = z.object({
  targets: tids.optional(),
  graph: text.optional(),
  scenequeue: text.optional(),
  order: text.optional(),
  hashes: byTid(z.tuple([text.nullable(), text, text])).optional(),
  files: byTid(z.array(z.tuple([text, text.nullable(), z.boolean()]))).optional(),
  taints: byTid(text).optional(),
  start: start.optional(),
  log: z.array(z.tuple([text], z.unknown())),
  executed: tids,
  noexec: tids,
  restored: tids,
  skipped: z.object({ covered: tids, existing: tids }),
  failed: tids,
  setscene_failed: tids,
  state: text.optional(),
  hashes_end: byTid(z.tuple([text, text])).optional(),
  setscene_covered: tids.optional(),
  setscene_notcovered: tids.optional(),
  notcovered: tids.optional(),
  stats: z
    .object({
      total: z.number(),
      completed: z.number(),
      skipped: z.number(),
      failed: z.number(),
      setscene_total: z.number(),
    })
    .optional(),
  sstate_summary: z
    .object({
      wanted: z.number(),
      local: z.number(),
      mirrors: z.number(),
      missed: z.number(),
      current: z.number(),
    })
    .nullish(),
  tasks_summary: z.object({ attempted: z.number(), skipped: z.number(), failed: z.number() }).nullish(),
  /** Whether sets depend on the order of equals and on durations; absent where that was not found out. */
  timing: z.boolean().optional(),
  outhash: z.record(text, text).default({}),
  stamps: z.union([texts, z.record(text, texts)]),
  sstate_added: texts,
  sstate_removed: texts,
  hashserv_added: z.array(z.tuple([text, text])),
  hashserv_removed: z.array(z.tuple([text, text])),
  exit: z.int(),
  wrong_content: texts,
  /** Bounds of what may be done in another order, where that was worked out. */
  envelope: z.object({ executed: bounds, restored: bounds }).optional(),
});
const step = z.object({
  title: text,
  args: texts,
  changes: z.array(change).default([]),
  builder: text.default("A"),
  env: z.record(text, text).default({}),
  slow: texts.default([]),
  fail: texts.default([]),
  result,
});
const scenario = z.object({
  format: z.literal(1),
  name: text,
  title: text,
  handler: z.enum(["basic", "basichash", "equivhash"]).optional(),
  scheduler: z.enum(["speed", "completion", "basic"]).default("speed"),
  threads: z.int().min(1).optional(),
  layer: z.literal("selftest").optional(),
  recipes: z.record(text, z.object({ version: text.default("1.0") })).default({}),
  recorded_with: z.object({ threads: z.int().min(1).optional() }),
  graphs: z.record(text, graph),
  scenequeues: z.record(text, scenequeue),
  orders: z.record(text, order),
  steps: z.array(step).min(1),
});

/** Recorded builds of real BitBake, one after the other, with what it decided (format 1). */
export type Scenario = z.output<typeof scenario>;
export type ScenarioStep = z.output<typeof step>;
export type ScenarioResult = ScenarioStep["result"];
export type ScenarioChange = ScenarioStep["changes"][number];

/** Whether a recording is a run queue scenario, by what is in it; it may still be a bad one. */
export function isScenario(json: unknown): boolean {
  return typeof json === "object" && json !== null && "hash_table" in json && "steps" in json;
}

/** Reads a recorded scenario: references `#N` are replaced, tids are made whole. @throws {ScenarioError} */
export function parseScenario(json: unknown): Scenario {
  if (!isScenario(json)) throw new ScenarioError("", `expected an object with "hash_table" and "steps"`);
  const { hash_table: table, ...rest } = json as { readonly hash_table: unknown };
  const hashes = z.record(text, text.regex(HASH_TEXT, HASH_EXPECTED)).safeParse(table);
  if (!hashes.success) throw errorOf(hashes.error, "hash_table");
  const parsed = scenario.safeParse(expand(rest, hashes.data, ""));
  if (!parsed.success) throw errorOf(parsed.error, "");
  checkLabels(parsed.data);
  return parsed.data;
}

/** The tid of a recorded name. Recipe files are `/<pn>.bb`, so that tids sort as they did in BitBake. */
export function parseRecordedTid(name: string): Tid {
  const { config, pn, task } = splitTaskName(name) ?? { pn: ":" };
  if (pn.includes(":")) throw new InvalidTidError(name);
  return parseTid(`${configPrefix(config ?? "")}/${pn}.bb:${task}`);
}

/** The name of a tid in recordings, which is its pnid too; the inverse of `parseRecordedTid`. */
export function formatRecordedTid(tid: Tid): string {
  const { config, task } = splitTid(tid);
  return formatTaskName({ config, pn: pnOf(tid), task });
}

/** Recipe name of a tid made by `parseRecordedTid`. */
export function pnOf(tid: Tid): string {
  return splitTid(tid).recipeFile.slice("/".length, -".bb".length);
}

function expand(value: unknown, hashes: Readonly<Record<string, string>>, field: string): unknown {
  if (typeof value === "string") return expandText(value, hashes, field);
  if (Array.isArray(value)) return value.map((item, i) => expand(item, hashes, `${field}[${i}]`));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, of]) => [
      expandText(key, hashes, field),
      expand(of, hashes, field === "" ? key : `${field}.${key}`),
    ]),
  );
}

function expandText(value: string, hashes: Readonly<Record<string, string>>, field: string): string {
  return value.replace(/#\d+/g, (reference) => {
    const hash = hashes[reference];
    if (hash === undefined) throw new ScenarioError(field, `expected a hash of hash_table, found ${reference}`);
    return hash;
  });
}

function checkLabels({ steps, graphs, scenequeues, orders }: Scenario): void {
  steps.forEach(({ result: { graph: of, scenequeue: queue, order: by } }, i) => {
    const missing = [
      [`graph`, of, graphs] as const,
      [`scenequeue`, queue, scenequeues] as const,
      [`order`, by, orders] as const,
    ].find(([, label, labelled]) => label !== undefined && labelled[label] === undefined);
    if (missing === undefined) return;
    const [field, label] = missing;
    throw new ScenarioError(
      `steps[${i}].result.${field}`,
      `expected a label of ${field}s, found ${JSON.stringify(label)}`,
    );
  });
}

function errorOf(error: z.ZodError, at: string): ScenarioError {
  const issue = error.issues[0];
  const path = [...(at === "" ? [] : [at]), ...(issue?.path ?? [])];
  return new ScenarioError(z.core.toDotPath(path), issue?.message ?? "not as expected");
}
