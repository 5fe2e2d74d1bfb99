import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LEVELS, POLICY_OPTIONS_FORMAT, parsePolicyOptions } from "@depid/replay";
import { REPOSITORY } from "../../apps/simulator/src/testing/run-depid.ts";
import type { Example } from "./example.ts";

const FILE = "examples/policies/options.yaml";

/** The options of the file that documents show, changed, as JSON. */
const withPolicies = (what: string, change: (policies: object) => object): Example => ({
  what,
  async print() {
    const policies = parsePolicyOptions(await readFile(join(REPOSITORY, FILE), "utf8"), FILE);
    return JSON.stringify({ format: POLICY_OPTIONS_FORMAT, policies: change(policies) });
  },
});

export const POLICY_OPTIONS: readonly Example[] = [
  withPolicies("the file that documents show", (policies) => policies),
  withPolicies("no options", () => ({})),
  withPolicies("policies without options", (policies) =>
    Object.fromEntries(Object.keys(policies).map((name) => [name, {}])),
  ),
  withPolicies("empty lists", () => ({ abisafe: { recipes: [], pairs: [] }, locked: { recipes: [], signatures: {} } })),
  withPolicies("no consumers", () => ({ cdepends: { consumers: [] }, "per-consumer": { consumers: [] } })),
  withPolicies("no level", () => ({ "per-consumer": { consumers: [{ consumer: "a", parents: ["b"] }] } })),
  ...LEVELS.map((level) => {
    const consumers = [{ consumer: "a", parents: ["b"], level }];
    const policies = { "equivalence-list": { compare: level }, cdepends: { consumers }, "per-consumer": { consumers } };
    return withPolicies(`level ${level}`, () => policies);
  }),
];
