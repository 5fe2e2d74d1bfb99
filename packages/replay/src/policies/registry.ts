import { ReplayError } from "../errors.ts";
import { abisafe } from "./abisafe.ts";
import { basic } from "./basic.ts";
import { basichash } from "./basichash.ts";
import { cdepends } from "./cdepends.ts";
import { clairvoyant } from "./clairvoyant.ts";
import { equivalenceList } from "./equivalence-list.ts";
import { equivhash } from "./equivhash.ts";
import { equivhash2018 } from "./equivhash-2018.ts";
import { equivhashSettled } from "./equivhash-settled.ts";
import { locked } from "./locked.ts";
import { movable } from "./movable.ts";
import { type PolicyName, policyNames } from "./names.ts";
import { withOutputMethod } from "./output-methods.ts";
import { ownInputs } from "./own-inputs.ts";
import { perConsumer } from "./per-consumer.ts";
import type { Policy } from "./policy.ts";
import type { PolicyOptions } from "./policy-options.ts";
import { rebuildAll } from "./rebuild-all.ts";

/** A new policy is a file beside this one, a line here, and its name in `names.ts`; one that has options takes its own of `PolicyOptions`. */
const POLICIES: Readonly<Record<PolicyName, Policy | ((options: PolicyOptions) => Policy)>> = {
  "rebuild-all": rebuildAll,
  basic,
  basichash,
  equivhash,
  "equivhash-2018": equivhash2018,
  "own-inputs": ownInputs,
  abisafe: (options) => abisafe(options.abisafe),
  locked: (options) => locked(options.locked),
  "equivalence-list": (options) => equivalenceList(options["equivalence-list"]),
  movable,
  cdepends: (options) => cdepends(options.cdepends),
  "equivhash-settled": equivhashSettled,
  "per-consumer": (options) => perConsumer(options["per-consumer"]),
  clairvoyant,
};

/**
 * @param name of a policy; behind it, after a colon, that of an output hash method where its tasks report another one than BitBake's
 * @param options what policies know beyond the capture. Default: of each policy its own
 * @throws {ReplayError} when there is no policy of that name, or no such method
 */
export function getPolicy(name: string, options: PolicyOptions = {}): Policy {
  const [own = "", ...method] = name.split(":");
  const known = policyNames.find((it) => it === own);
  if (known !== undefined) {
    const found = POLICIES[known];
    const policy = typeof found === "function" ? found(options) : found;
    return method.length === 0 ? policy : withOutputMethod(policy, method.join(":"));
  }
  const expected = `expected one of ${policyNames.join(", ")}, or the path of a plug-in module`;
  throw new ReplayError(`no policy ${JSON.stringify(name)}: ${expected}`);
}
