import { createBasicHash } from "@depid/siggen";
import { byHash, reusingNothing } from "./parts.ts";
import type { Policy } from "./policy.ts";

export const rebuildAll: Policy = {
  name: "rebuild-all",
  definition: "nothing is reused: the ceiling, and the baseline of what is avoided",
  rebuilder: reusingNothing(byHash(createBasicHash)),
};
