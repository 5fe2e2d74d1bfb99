import { ReplayError } from "../errors.ts";
import { basic } from "./basic.ts";
import { basichash } from "./basichash.ts";
import { clairvoyant } from "./clairvoyant.ts";
import { equivhash } from "./equivhash.ts";
import { equivhash2018 } from "./equivhash-2018.ts";
import type { Policy } from "./policy.ts";
import { rebuildAll } from "./rebuild-all.ts";

/** In the order of reports. A new policy is a file beside this one, and a line here. */
const POLICIES: readonly Policy[] = [rebuildAll, basic, basichash, equivhash, equivhash2018, clairvoyant];

/** Names of the policies that come with the package. */
export const policyNames: readonly string[] = POLICIES.map((policy) => policy.name);

/** @throws {ReplayError} when there is no policy of that name */
export function getPolicy(name: string): Policy {
  const policy = POLICIES.find((it) => it.name === name);
  if (policy !== undefined) return policy;
  const expected = `expected one of ${policyNames.join(", ")}, or the path of a plug-in module`;
  throw new ReplayError(`no policy ${JSON.stringify(name)}: ${expected}`);
}
