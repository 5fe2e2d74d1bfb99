import type { Topology } from "@depid/replay";
import type { Expectation } from "../scenario.ts";
import { type Document, list, requireTask, type Tasks } from "./scenario-document.ts";

/** Names of who builds: names of policies, with a topology of `POLICY by BUILDER`. */
export function buildersOf(policies: readonly string[], topology: Topology | undefined): readonly string[] {
  if (topology === undefined) return policies;
  return policies.flatMap((policy) => topology.builders.map(({ name }) => `${policy} by ${name}`));
}

/** What each step expects. @param builders who builds: an expectation of somebody else would be held to nothing */
export function readExpectations(
  document: Document,
  tasks: Tasks,
  builders: readonly string[],
): readonly Expectation[] {
  return document.data.steps.flatMap(({ expect = {} }, step) =>
    Object.entries(expect).map(([policy, sets]) => {
      if (!builders.includes(policy))
        document.fail(["steps", step, "expect", policy], `expected one of ${builders.join(", ")}, found ${policy}`);
      const namesIn = (key: keyof typeof sets): readonly string[] | undefined => {
        const given = sets[key];
        if (given === undefined) return undefined;
        const names = list(given);
        for (const it of names) requireTask(document, tasks, it, ["steps", step, "expect", policy, key]);
        return names;
      };
      return { step, policy, runs: namesIn("runs"), restores: namesIn("restores"), stale: namesIn("stale") };
    }),
  );
}
