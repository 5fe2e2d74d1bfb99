import type { TaskHash } from "@depid/hash";
import { createBasicHash } from "@depid/siggen";
import { byHash } from "./parts.ts";
import type { Policy } from "./policy.ts";

/** The truth is always replayed with the policies asked for: what it executes is needed, all else needless. */
export const clairvoyant: Policy = {
  name: "clairvoyant",
  definition: "the same run queue, with stamps and objects named by true content: executes exactly what must be",
  rebuilder: {
    ...byHash(createBasicHash),
    follows: "truth",
    createGenerator: ({ truthOf }) => ({
      ...createBasicHash(),
      name: "clairvoyant",
      taskhash: ({ tid }) => truthOf(tid).output as TaskHash,
    }),
  },
};
