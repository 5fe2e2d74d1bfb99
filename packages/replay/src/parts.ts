import { clairvoyant } from "./policies/clairvoyant.ts";
import type { Policy } from "./policies/policy.ts";

/**
 * Deals out the policies of a replay to so many that replay them side by side, so that all have about as much to do. The first replays the clairvoyant as well,
 * whether it was asked for or not, and tells the others what is needed.
 *
 * @returns at least one part, and none without policies but the first; within a part the order is kept
 */
export function dealPolicies(policies: readonly Policy[], parts: number): readonly (readonly Policy[])[] {
  const dealt = Array.from({ length: Math.max(1, parts) }, () => ({ load: 0, policies: [] as Policy[] }));
  const [first] = dealt;
  if (first !== undefined) first.load = costOf(clairvoyant);
  const others = policies.filter((it) => it.name !== clairvoyant.name);
  const costliest = [...others].sort((a, b) => costOf(b) - costOf(a));
  for (const policy of costliest) {
    const part = dealt.reduce((least, it) => (it.load < least.load ? it : least));
    part.load += costOf(policy);
    part.policies.push(policy);
  }
  first?.policies.push(...policies.filter((it) => !others.includes(it)));
  const places = new Map(policies.map((policy, place) => [policy, place]));
  return dealt
    .map((it) => it.policies.sort((a, b) => (places.get(a) as number) - (places.get(b) as number)))
    .filter((it, i) => i === 0 || it.length > 0);
}

/** Policies in the order in which each step is built under them: the clairvoyant first, which says what is needed. */
export function orderOfBuilds(policies: readonly Policy[]): readonly Policy[] {
  const isFirst = (policy: Policy) => policy.name === clairvoyant.name;
  return [...policies.filter(isFirst), ...policies.filter((it) => !isFirst(it))];
}

/**
 * About how much the builds of a policy cost, against one whose hashes follow from the capture: CPU time of README's replay, fresh builders (`rebuild-all`,
 * `basic`, `basichash` 0.2 to 0.5 s, `clairvoyant` 1.0, `equivhash-2018` 3.5, `equivhash` 6.4, and 2.5 for the history and the truth, which every part follows).
 */
function costOf({ server, rebuilder }: Policy): number {
  if (server !== undefined) return server.adoption === "at once" ? 15 : 8;
  return rebuilder.follows === "truth" ? 2 : 1;
}

/** What parts of a replay found of their policies, in the order of all. */
export function joinByPolicy<T>(
  names: readonly string[],
  parts: readonly (readonly T[])[],
  nameOf: (found: T) => string,
): readonly T[] {
  const all = parts.flat();
  return names.flatMap((name) => all.filter((it) => nameOf(it) === name));
}
