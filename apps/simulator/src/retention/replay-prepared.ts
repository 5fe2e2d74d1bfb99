import { randomUUID } from "node:crypto";
import {
  type ObjectSizes,
  type ReplayOptions,
  type RetentionCost,
  type RetentionVariant,
  replayVariants,
} from "@depid/replay";
import { OptionError } from "../outcomes/errors.ts";
import { createChain, type PreparedReplay } from "../replay/prepare-replay.ts";

/** @throws {OptionError} when no sizes were named */
export function sizesIn({ sizes }: PreparedReplay): ObjectSizes {
  if (sizes !== undefined) return sizes;
  throw new OptionError("--sizes: expected tables of import sstate, or one size for all as an estimate, found none");
}

/** Replays variants of what was read. @returns what each cost */
export function replayPrepared(
  prepared: PreparedReplay,
  variants: readonly RetentionVariant[],
  more: Pick<ReplayOptions, "service" | "onProgress" | "signal">,
): Promise<readonly RetentionCost[]> {
  return replayVariants(prepared.history, variants, {
    ...prepared.options,
    ...more,
    createOutcomes: () => createChain(prepared.outcomes, undefined),
    policies: prepared.policies,
    namespace: `depid-retention:${randomUUID()}`,
    bytesOf: sizesIn(prepared).bytesOf,
  });
}
