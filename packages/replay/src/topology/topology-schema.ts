import { z } from "zod";

export const TOPOLOGY_FORMAT = "depid-topology/1";

const LEAST = "expected at least one";
const step = z.int().min(0);
const name = z.string().regex(/^[\w.-]+$/, "expected a name of letters, digits, and the signs _ . -");

const builder = z.strictObject({
  name,
  kind: z.enum(["fresh", "persistent"]),
  every: z.int().min(1).optional(),
  offset: step.optional(),
  steps: z.array(step).min(1, LEAST).optional(),
  server: name.optional(),
  sstate: name.optional(),
});

/** What a topology is in a file that has more. */
export const topologyPart = z.strictObject({
  builders: z.array(builder).min(1, LEAST),
  servers: z.array(z.strictObject({ name })).min(1, LEAST).optional(),
  caches: z.array(z.strictObject({ name })).min(1, LEAST).optional(),
});

/** A file that is a topology (`depid-topology/1`, docs/formats.md). */
export const topologySchema = z.strictObject({ format: z.literal(TOPOLOGY_FORMAT), ...topologyPart.shape });

export type TopologyPart = z.output<typeof topologyPart>;
