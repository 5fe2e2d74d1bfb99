import { createBasicHash } from "@depid/siggen";
import { byHash, hashing } from "./parts.ts";
import type { Policy } from "./policy.ts";

export const ownInputs: Policy = {
  name: "own-inputs",
  definition:
    "a task hashes its own inputs and the tasks of its own recipe: a change of another recipe reruns nothing, whatever comes of it",
  rebuilder: hashing(byHash(createBasicHash), () => (task, dependency) => task.pn === dependency.pn),
};
