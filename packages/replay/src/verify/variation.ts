import type { Tid } from "@depid/hash";
import type { BuildPlan } from "@depid/runqueue";
import { normalOf, uniformOf } from "../chance.ts";
import type { SecondsOf } from "../measure/fates.ts";

/**
 * One way in which a real build may differ from the simulated one though nothing that is hashed does: how long tasks take, and in which order
 * equals come (runqueue.md section 13).
 */
export interface Variation {
  /** Tells variations apart; the same text gives the same variation. */
  readonly seed: string;
  /** How far durations stray: the standard deviation of their logarithm. */
  readonly spread: number;
}

/** Durations as a variation has them: each times a factor of its own, log-normal about 1. */
export function varySeconds(secondsOf: SecondsOf, { seed, spread }: Variation): SecondsOf {
  const factors = { real: new Map<Tid, number>(), setscene: new Map<Tid, number>() };
  return (task, variant) => {
    const known = factors[variant];
    let factor = known.get(task.tid);
    if (factor === undefined) {
      factor = Math.exp(spread * normalOf(`${seed} ${variant} ${task.tid}`));
      known.set(task.tid, factor);
    }
    return secondsOf(task, variant) * factor;
  };
}

/** The orders of a plan with ties in another order: of real tasks by weight, and of setscene tasks altogether. */
export function varyOrders(
  { tids, weights, setscene }: Pick<BuildPlan, "tids" | "weights" | "setscene">,
  { seed }: Variation,
): { readonly priority: readonly Tid[]; readonly setsceneOrder: readonly Tid[] } {
  const places = tids.map((tid) => uniformOf(`${seed} order ${tid}`));
  const byPlace = tids.map((_, i) => i).sort((a, b) => (places[a] as number) - (places[b] as number));
  const byWeight = [...byPlace].sort((a, b) => weights.compare(b, a));
  const named = (order: readonly number[]): Tid[] => order.map((i) => tids[i] as Tid);
  return { priority: named(byWeight), setsceneOrder: named(byPlace.filter((i) => setscene[i] === 1)) };
}
