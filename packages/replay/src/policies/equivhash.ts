import { createTaskCache } from "@depid/siggen";
import { byDepId, everyTask } from "./parts.ts";
import type { Policy } from "./policy.ts";

export const equivhash: Policy = {
  name: "equivhash",
  definition:
    "BitBake's of today: each finished task reports its output, and an answer with another depid takes effect at once: what stands above is hashed anew, and restored where it can be",
  rebuilder: byDepId(createTaskCache),
  server: { reporter: everyTask, adoption: "at once" },
};
