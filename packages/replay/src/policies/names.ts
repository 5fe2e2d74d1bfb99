/** What a replay compares if nobody says more, in the order of reports. */
export const defaultPolicyNames = [
  "rebuild-all",
  "basic",
  "basichash",
  "equivhash",
  "equivhash-2018",
  "clairvoyant",
] as const;

/** Designs of others, and what people ask for. */
const otherPolicyNames = [
  "own-inputs",
  "abisafe",
  "locked",
  "cdepends",
  "equivalence-list",
  "movable",
  "equivhash-settled",
  "per-consumer",
] as const;

/**
 * Names of all policies that come with the package, in the order of reports: for who lists them and replays nothing. `registry.ts`
 * has a policy for each, or does not compile.
 */
export const policyNames = [...defaultPolicyNames.slice(0, -1), ...otherPolicyNames, "clairvoyant"] as readonly (
  | (typeof defaultPolicyNames)[number]
  | (typeof otherPolicyNames)[number]
)[];

export type PolicyName = (typeof policyNames)[number];

/** BitBake's handler of old, whose stamps carry no hash: that it reuses what is wrong is known. */
export const KNOWN_UNSOUND = "basic" satisfies PolicyName;
