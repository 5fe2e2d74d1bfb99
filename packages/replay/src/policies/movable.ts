import { createTaskCache } from "@depid/siggen";
import { byDepId, everyTask, following } from "./parts.ts";
import type { Policy } from "./policy.ts";

export const movable: Policy = {
  name: "movable",
  definition:
    "equivhash with the map of BitBake before October 2021: a later report of another output moves a taskhash to the depid of the output that equals it",
  rebuilder: following("anything", byDepId(createTaskCache)),
  server: { reporter: everyTask, adoption: "at once", map: "moving" },
};
