import { byDepId, everyTask, forgetting } from "./parts.ts";
import type { Policy } from "./policy.ts";

export const equivhashSettled: Policy = {
  name: "equivhash-settled",
  definition:
    "equivhash, but nothing is decided before all tasks below that the server does not know have run and were answered: nothing is executed that an answer would have spared",
  rebuilder: forgetting(byDepId()),
  server: { reporter: everyTask, adoption: "awaited" },
};
