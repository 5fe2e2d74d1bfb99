import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LEVELS } from "@depid/replay";
import { parse } from "yaml";
import { REPOSITORY } from "../../apps/simulator/src/testing/run-depid.ts";
import type { Example } from "./example.ts";

/** The file that documents show, as JSON. */
async function readExample(): Promise<{ policies: Record<string, object> }> {
  return parse(await readFile(join(REPOSITORY, "examples/policies/options.yaml"), "utf8"));
}

const withPolicies = (what: string, change: (policies: Record<string, object>) => object): Example => ({
  what,
  async print() {
    const { policies, ...file } = await readExample();
    return JSON.stringify({ ...file, policies: change(policies) });
  },
});

export const POLICY_OPTIONS: readonly Example[] = [
  withPolicies("the file that documents show", (policies) => policies),
  withPolicies("no options", () => ({})),
  withPolicies("policies without options", (policies) =>
    Object.fromEntries(Object.keys(policies).map((name) => [name, {}])),
  ),
  withPolicies("empty lists", () => ({ abisafe: { recipes: [], pairs: [] }, locked: { recipes: [], signatures: {} } })),
  ...LEVELS.map((compare) => withPolicies(`level ${compare}`, () => ({ "equivalence-list": { compare } }))),
];
