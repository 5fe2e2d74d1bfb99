import { ReplayError } from "../errors.ts";
import { basic } from "./basic.ts";
import { basichash } from "./basichash.ts";
import { clairvoyant } from "./clairvoyant.ts";
import { equivhash } from "./equivhash.ts";
import { equivhash2018 } from "./equivhash-2018.ts";
import { type PolicyName, policyNames } from "./names.ts";
import type { Policy } from "./policy.ts";
import { rebuildAll } from "./rebuild-all.ts";

/** A new policy is a file beside this one, a line here, and its name in `names.ts`. */
const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  "rebuild-all": rebuildAll,
  basic,
  basichash,
  equivhash,
  "equivhash-2018": equivhash2018,
  clairvoyant,
};

/** @throws {ReplayError} when there is no policy of that name */
export function getPolicy(name: string): Policy {
  const known = policyNames.find((it) => it === name);
  if (known !== undefined) return POLICIES[known];
  const expected = `expected one of ${policyNames.join(", ")}, or the path of a plug-in module`;
  throw new ReplayError(`no policy ${JSON.stringify(name)}: ${expected}`);
}
