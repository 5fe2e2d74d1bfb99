import { z } from "zod";
import { parseByteSize, SIZE_EXPECTED } from "./byte-size.ts";

export const TOPOLOGY_FORMAT = "depid-topology/1";

/** A list of at least one. */
const listOf = <T extends z.ZodType>(item: T) => z.array(item).min(1, "expected at least one").readonly();
const step = z.int().min(0);
const name = z.string().regex(/^[\w.-]+$/, "expected a name of letters, digits, and the signs _ . -");

/** Shell patterns for recipe and task. */
const tasks = z
  .string()
  .regex(/^[^\s:]+(:do_[^\s:]+)?$/, "expected RECIPE:do_TASK or RECIPE, where * ? and [ ] stand for others");

const builder = z.strictObject({
  name,
  kind: z.enum(["fresh", "persistent"]),
  every: z.int().min(1).optional(),
  offset: step.optional(),
  steps: listOf(step).optional(),
  targets: listOf(tasks).optional(),
  server: name.optional(),
  sstate: name.optional(),
  mirrors: listOf(name).optional(),
  read_only: z.boolean().optional(),
  unreachable: listOf(step).optional(),
  diverges: listOf(tasks).optional(),
});

const every = z.int().min(1).optional();
const gc = z.discriminatedUnion(
  "rule",
  [
    z.strictObject({ rule: z.literal("objects"), caches: listOf(name).optional(), every }),
    z.strictObject({ rule: z.literal("age"), steps: z.int().min(1), every }),
  ],
  "expected one of objects, age",
);
const server = z.strictObject({
  name,
  read_only_of: name.optional(),
  upstream: name.optional(),
  unreachable: listOf(step).optional(),
  lost: listOf(z.strictObject({ at: z.int().min(1), restored_from: step.optional() })).optional(),
  gc: gc.optional(),
});

const bytes = z.string().refine((it) => parseByteSize(it) !== undefined, `expected ${SIZE_EXPECTED}`);
const prune = z.discriminatedUnion(
  "rule",
  [
    z.strictObject({ rule: z.enum(["age", "unused"]), steps: z.int().min(1) }),
    z.strictObject({ rule: z.enum(["size", "lru"]), bytes }),
  ],
  "expected one of age, unused, size, lru",
);

const cache = z.strictObject({
  name,
  prune: prune.optional(),
  mirror_of: name.optional(),
  behind: z.int().min(1).optional(),
});

/** What a topology is in a file that has more. */
export const topologyPart = z.strictObject({
  builders: listOf(builder),
  servers: listOf(server).optional(),
  caches: listOf(cache).optional(),
});

/** A file that is a topology (`depid-topology/1`, docs/formats.md). */
export const topologySchema = z.strictObject({ format: z.literal(TOPOLOGY_FORMAT), ...topologyPart.shape });

export type TopologyPart = z.output<typeof topologyPart>;
