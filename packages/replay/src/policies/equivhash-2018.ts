import { createTaskHashCache } from "@depid/siggen";
import { byDepId, everyTask } from "./parts.ts";
import type { Policy } from "./policy.ts";

export const equivhash2018: Policy = {
  name: "equivhash-2018",
  definition:
    "the RFC of 2018: depids are resolved when the build starts and finished tasks report their output; the running build does not change its mind",
  rebuilder: byDepId(createTaskHashCache),
  server: { reporter: everyTask, adoption: "next build" },
};
