/**
 * Names of the policies that come with the package, in the order of reports: for who lists them and replays nothing. `registry.ts`
 * has a policy for each, or does not compile.
 */
export const policyNames = ["rebuild-all", "basic", "basichash", "equivhash", "equivhash-2018", "clairvoyant"] as const;

export type PolicyName = (typeof policyNames)[number];

/** BitBake's handler of old, whose stamps carry no hash: that it reuses what is wrong is known. */
export const KNOWN_UNSOUND = "basic" satisfies PolicyName;
