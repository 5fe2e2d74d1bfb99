import { type CreateGenerator, createTaskCache } from "@depid/siggen";
import { everyTask } from "./parts.ts";
import type { Policy } from "./policy.ts";

/**
 * The policy of a plugged-in generator: one that names stamps by depid asks the server and reports to it, as equivhash does.
 *
 * @param path names the policy
 */
export function pluginPolicy(path: string, createGenerator: CreateGenerator): Policy {
  return {
    name: path,
    definition: `the signature generator of the plug-in ${path}`,
    rebuilder: {
      reuses: true,
      follows: "anything",
      createMemory: createTaskCache,
      createGenerator: ({ service, method, memory }) => createGenerator({ source: service, method, cache: memory }),
    },
    server: { reporter: everyTask, adoption: "at once" },
  };
}
