import { createBasic } from "@depid/siggen";
import { byHash } from "./parts.ts";
import type { Policy } from "./policy.ts";

export const basic: Policy = {
  name: "basic",
  definition: "objects are named by taskhash, stamps carry no hash: a change does not run a task whose stamp is there",
  rebuilder: byHash(createBasic),
};
