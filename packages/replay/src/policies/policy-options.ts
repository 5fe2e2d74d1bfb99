import { parseTaskHash } from "@depid/hash";
import { z } from "zod";
import { LEVELS } from "./level.ts";

/** Of `depid-policy-options/1`. */
export const POLICY_OPTIONS_FORMAT = "depid-policy-options/1";

const pattern = z.string().min(1);
const taskHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "expected 64 lowercase hexadecimal digits")
  .transform((text) => parseTaskHash(text));

/** What consumers look at in the outputs of others. */
const consumers = z
  .array(
    z.strictObject({
      /** Shell pattern of recipes. */
      consumer: pattern,
      /** Shell patterns of the recipes that they say this of. */
      parents: z.array(pattern).min(1).readonly(),
      /** Default: `output`. */
      level: z.enum(LEVELS).optional(),
    }),
  )
  .readonly();

/** What policies know beyond the capture, by policy: the part `policies` of a file or of a scenario. */
export const policyOptionsSchema = z.strictObject({
  abisafe: z
    .strictObject({
      /** SIGGEN_EXCLUDERECIPES_ABISAFE. */
      recipes: z.array(z.string().min(1)).readonly().optional(),
      /** SIGGEN_EXCLUDE_SAFE_RECIPE_DEPS. */
      pairs: z
        .array(z.string().regex(/^[^\s>]+->[^\s>]+$/, "expected RECIPE->RECIPE, or *->RECIPE"))
        .readonly()
        .optional(),
    })
    .optional(),
  locked: z
    .strictObject({
      /** Shell patterns of recipes whose tasks keep the hashes of the step in which they are first seen. */
      recipes: z.array(pattern).readonly().optional(),
      /** Hashes by `[mc:config:]pn:task`. */
      signatures: z.record(z.string().regex(/:do_/, "expected PN:do_TASK"), taskHash).optional(),
    })
    .optional(),
  cdepends: z.strictObject({ consumers: consumers.optional() }).optional(),
  "per-consumer": z.strictObject({ consumers: consumers.optional() }).optional(),
  "equivalence-list": z
    .strictObject({
      /** How a new object is compared with the definitive one. */
      compare: z.enum(LEVELS).optional(),
    })
    .optional(),
});

export type PolicyOptions = z.output<typeof policyOptionsSchema>;
export type AbisafeOptions = NonNullable<PolicyOptions["abisafe"]>;
export type LockedOptions = NonNullable<PolicyOptions["locked"]>;
export type ConsumerOptions = z.output<typeof consumers>[number];
export type CdependsOptions = NonNullable<PolicyOptions["cdepends"]>;
export type PerConsumerOptions = NonNullable<PolicyOptions["per-consumer"]>;
export type EquivalenceListOptions = NonNullable<PolicyOptions["equivalence-list"]>;

/** A whole file of them. */
export const policyOptionsFileSchema = z.strictObject({
  format: z.literal(POLICY_OPTIONS_FORMAT),
  policies: policyOptionsSchema,
});
