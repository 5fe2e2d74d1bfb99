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
export type EquivalenceListOptions = NonNullable<PolicyOptions["equivalence-list"]>;

/** A whole file of them. */
export const policyOptionsFileSchema = z.strictObject({
  format: z.literal(POLICY_OPTIONS_FORMAT),
  policies: policyOptionsSchema,
});
