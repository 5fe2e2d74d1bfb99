import { createBasicHash } from "@depid/siggen";
import { byHash } from "./parts.ts";
import type { Policy } from "./policy.ts";

export const basichash: Policy = {
  name: "basichash",
  definition:
    "a change of metadata changes the taskhash of the task and of all above; stamps and objects are named by it",
  rebuilder: byHash(createBasicHash),
};
