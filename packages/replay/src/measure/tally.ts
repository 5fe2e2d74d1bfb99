import { addCounts, addTimes, type BuildTime, type Counts, NO_COUNTS, NO_TIME } from "./fates.ts";
import { addTraffic, NO_TRAFFIC, type Traffic } from "./traffic.ts";

/** What builds measured, by step; of several builds of one step, the sum. */
export class Tally {
  readonly #counts: Counts[] = [];
  readonly #times: BuildTime[] = [];
  readonly #traffic: Traffic[] = [];
  #builds = 0;

  add(step: number, counts: Counts, traffic: Traffic, time: BuildTime | undefined): void {
    if (step > 0) this.#builds += 1;
    this.#counts[step] = addCounts(this.#counts[step] ?? NO_COUNTS, counts);
    this.#traffic[step] = addTraffic(this.#traffic[step] ?? NO_TRAFFIC, traffic);
    if (time !== undefined) this.#times[step] = addTimes(this.#times[step] ?? NO_TIME, time);
  }

  /** How many builds there were in all steps but the first. */
  get builds(): number {
    return this.#builds;
  }

  /** @param steps how many there are @param isTimed whether durations are known */
  of(steps: number, isTimed: boolean) {
    const counts = Array.from({ length: steps }, (_, step) => this.#counts[step] ?? NO_COUNTS);
    const traffic = Array.from({ length: steps }, (_, step) => this.#traffic[step] ?? NO_TRAFFIC);
    const times = Array.from({ length: steps }, (_, step) => this.#times[step] ?? NO_TIME);
    return {
      steps: counts,
      sum: counts.slice(1).reduce(addCounts, NO_COUNTS),
      traffic: { steps: traffic, sum: traffic.slice(1).reduce(addTraffic, NO_TRAFFIC) },
      ...(isTimed ? { time: { steps: times, sum: times.slice(1).reduce(addTimes, NO_TIME) } } : {}),
    };
  }
}
