import { createEquivHash, createTaskCache, type DepIdCache, type SignatureGenerator } from "@depid/siggen";
import { outHashOf } from "../outhash.ts";
import type { PolicyContext, Rebuilder, Reporter } from "./policy.ts";

/** Reuses what has the hash that a generator computes from the capture alone. */
export function byHash(createGenerator: () => SignatureGenerator): Rebuilder {
  return { reuses: true, follows: "capture", createMemory: createTaskCache, createGenerator };
}

/** Reuses what has the depid that the server gives. @param createMemory how a builder remembers the answers */
export function byDepId(createMemory: () => DepIdCache): Rebuilder {
  return {
    reuses: true,
    follows: "answers",
    digests: true,
    createMemory,
    createGenerator: ({ service, method, memory }: PolicyContext) =>
      createEquivHash({ source: service, method, cache: memory }),
  };
}

/** Hashes as another one, and reuses nothing. */
export function reusingNothing(rebuilder: Rebuilder): Rebuilder {
  return { ...rebuilder, reuses: false };
}

/** Each finished task reports its output, as BitBake's do. */
export const everyTask: Reporter = { outHashOf };
