import { uniformOf } from "../chance.ts";
import { drawOf, seedOf } from "./drawn.ts";
import type { DrawnGroup } from "./groups.ts";
import { type Range, rangeOf } from "./ranges.ts";
import type { SampleRow } from "./sample.ts";
import type { SweepRun } from "./sweep-run.ts";

/** How far the order of policies is to be trusted, and on what it depends. */
export interface Confidence {
  /** Of all costs: serial seconds of executing and restoring, or tasks executed where no durations are known. */
  readonly unit: "seconds" | "tasks";
  readonly pairs: readonly PairConfidence[];
  /** For each probability and policy that costs otherwise than the first, what of the drawn its saving depends on. */
  readonly tornado: readonly Tornado[];
}

/** Two policies held against each other, sample by sample. */
export interface PairConfidence {
  readonly policies: readonly [string, string];
  readonly points: readonly PairPoint[];
  /** Probabilities at which both cost the same, by the median difference, in a straight line between two probabilities of the sweep. */
  readonly breakEven: readonly BreakEven[];
}

export interface PairPoint {
  readonly neutral: number;
  /** What the second costs less than the first. */
  readonly saved: Range;
  /** Samples in which the second costs less, and those in which both cost the same. */
  readonly wins: number;
  readonly ties: number;
  /** Of the sign test: how probable it is that so many samples, or more, agree, were either order as probable. */
  readonly p: number;
  /** How many samples it takes for the sign test to be below 0.05, if as great a share agrees; null: no number does. */
  readonly needed: number | null;
}

export interface BreakEven {
  readonly neutral: number;
  /** Nine tenths of the break-evens of samples drawn from these, again and again. */
  readonly low: number;
  readonly high: number;
}

export interface Tornado {
  readonly neutral: number;
  /** Against the first of the sweep. */
  readonly policies: readonly [string, string];
  /** The greatest effect first. */
  readonly groups: readonly GroupEffect[];
  /** An effect that the greatest of all groups reaches in one of twenty shuffles of the samples: below, nothing is shown. */
  readonly chance: number;
}

export interface GroupEffect extends DrawnGroup {
  /** What the second policy saves in the mean of the samples in which the group is neutral, and in which it propagates. */
  readonly ifNeutral: number;
  readonly ifPropagating: number;
}

export const CONFIDENCE_NOTES: readonly string[] = [
  "Two policies are compared sample by sample: both have the same outcomes and durations. p is that of the sign test (two-sided, samples without a difference left out); samples needed: the least number with which it is below 0.05 where as great a share of them agrees.",
  "Break-even: where the median difference is 0, in a straight line between the nearest two probabilities of --neutral; its range is that of 200 draws of as many samples from those there are.",
  "What the answer depends on: the mean saving of the samples in which what a step changes in a recipe was drawn as neutral, against that of those in which it was not. What no greater effect has than the greatest of all groups in one of twenty shuffles of the samples is not told from chance, and not listed.",
];

const RESAMPLES = 200;
const MOST_GROUPS = 10;

/** What the samples of a sweep say of the order of its policies. */
export function confidenceOf(run: SweepRun): Confidence {
  const { setting, samples } = run;
  const isTimed = samples.every((row) => row.policies.every((it) => it.time !== undefined));
  const costs = new Map(
    setting.neutral.map((neutral) => [
      neutral,
      samples
        .filter((it) => it.neutral === neutral)
        .map((row) => ({ row, costs: row.policies.map((it) => costOf(it)) })),
    ]),
  );
  const names = setting.policies.map((it) => it.name);
  const chosen = names.flatMap((name, i) => (name === "clairvoyant" ? [] : [i]));
  const pairs = chosen.flatMap((a, i) => chosen.slice(i + 1).map((b): [number, number] => [a, b]));
  const base = Math.max(0, names.indexOf("basichash"));
  const chances = new Chances(setting.seed, setting.samples);
  const draws = run.groups.map(({ step, recipe }) =>
    Float64Array.from({ length: setting.samples }, (_, sample) => drawOf(seedOf(setting.seed, sample), step, recipe)),
  );
  return {
    unit: isTimed ? "seconds" : "tasks",
    pairs: pairs.map(([a, b]) => {
      const saved = [...costs].map(([neutral, rows]) => ({
        neutral,
        saved: rows.map((it) => savedIn(it.costs, a, b)),
      }));
      return {
        policies: [names[a] as string, names[b] as string],
        points: saved.map(pairPoint),
        breakEven: breakEvensOf(saved, chances),
      };
    }),
    tornado: [...costs].flatMap(([neutral, rows]) =>
      chosen
        .filter((it) => it !== base)
        .flatMap((it) => {
          const saved = rows.map(({ costs }) => savedIn(costs, base, it));
          const sides = draws.map((draw) =>
            Uint8Array.from(rows, ({ row }) => Number((draw[row.sample] as number) < neutral)),
          );
          const found = tornadoOf(run.groups, sides, saved, chances);
          return found === undefined
            ? []
            : [{ neutral, policies: [names[base] as string, names[it] as string] as const, ...found }];
        }),
    ),
  };

  function costOf({ sum, time }: SampleRow["policies"][number]): number {
    return isTimed && time !== undefined ? time.serial.executed + time.serial.restored : sum.executed;
  }
}

function savedIn(costs: readonly number[], a: number, b: number): number {
  return (costs[a] as number) - (costs[b] as number);
}

function pairPoint({ neutral, saved }: { readonly neutral: number; readonly saved: readonly number[] }): PairPoint {
  const wins = saved.filter((it) => it > 0).length;
  const ties = saved.filter((it) => it === 0).length;
  const told = saved.length - ties;
  const agreeing = Math.max(wins, told - wins);
  return {
    neutral,
    saved: rangeOf(saved),
    wins,
    ties,
    p: signTest(agreeing, told),
    needed: neededSamples(agreeing, told),
  };
}

/** The probability of at least so many heads or so many tails among tosses of a fair coin. 1 for none. */
export function signTest(agreeing: number, of: number): number {
  let probability = 0;
  // In logarithms: a thousand tosses have probabilities that no number is small enough for.
  let term = of * Math.log(0.5);
  for (let k = of; k >= agreeing; k--) {
    probability += Math.exp(term);
    term += Math.log(k) - Math.log(of - k + 1);
  }
  return Math.min(1, 2 * probability);
}

const MOST_SAMPLES = 100_000;

/** The least number of samples for which the sign test is below 0.05 where as great a share agrees. */
export function neededSamples(agreeing: number, of: number): number | null {
  if (of === 0 || 2 * agreeing <= of) return null;
  const isEnough = (n: number): boolean => signTest(Math.floor((agreeing * n) / of), n) < 0.05;
  let n = 6; // With five tosses nothing is below 0.05.
  while (n < MOST_SAMPLES && !isEnough(n)) n += Math.max(1, Math.floor(n / 50));
  return n < MOST_SAMPLES ? n : null;
}

/** Where the median difference changes its sign. */
function breakEvensOf(
  points: readonly { readonly neutral: number; readonly saved: readonly number[] }[],
  chances: Chances,
): readonly BreakEven[] {
  const sorted = [...points].sort((a, b) => a.neutral - b.neutral);
  const crossings = (pick: (saved: readonly number[]) => readonly number[]): readonly number[] =>
    sorted.slice(1).flatMap((right, i) => {
      const left = sorted[i] as typeof right;
      const [before, after] = [rangeOf(pick(left.saved)).median, rangeOf(pick(right.saved)).median];
      if (before === after || Math.sign(before) * Math.sign(after) > 0) return [];
      // A point that is 0 itself belongs to the stretch before it.
      if (before === 0 && i > 0) return [];
      return [left.neutral + ((right.neutral - left.neutral) * before) / (before - after)];
    });
  return crossings((saved) => saved).map((neutral) => {
    const drawn: number[] = [];
    for (let i = 0; i < RESAMPLES; i++) {
      const found = crossings((saved) => chances.again(i).map((at) => saved[at] as number));
      const nearest = [...found].sort((a, b) => Math.abs(a - neutral) - Math.abs(b - neutral))[0];
      if (nearest !== undefined) drawn.push(nearest);
    }
    const { low, high } = drawn.length === 0 ? { low: neutral, high: neutral } : rangeOf(drawn);
    return { neutral, low, high };
  });
}

/** @param sides of each group, whether it is neutral in a sample @returns `undefined` where nothing was drawn, or chance decides nothing of the saving */
function tornadoOf(
  groups: readonly DrawnGroup[],
  sides: readonly Uint8Array[],
  saved: readonly number[],
  chances: Chances,
): Pick<Tornado, "groups" | "chance"> | undefined {
  if (groups.length === 0 || saved.every((it) => it === saved[0])) return undefined;
  const effects = sides.map((side) => meansOf(side, saved));
  const shuffled = Array.from({ length: RESAMPLES }, (_, i) => {
    const values = chances.shuffled(i).map((at) => saved[at] as number);
    return Math.max(...sides.map((side) => sizeOf(meansOf(side, values))));
  });
  const chance = rangeOf(shuffled).high;
  return {
    chance,
    groups: groups
      .map((group, i) => ({ ...group, ...(effects[i] as Means) }))
      .filter((it) => sizeOf(it) > chance)
      .sort((a, b) => sizeOf(b) - sizeOf(a))
      .slice(0, MOST_GROUPS),
  };
}

type Means = Pick<GroupEffect, "ifNeutral" | "ifPropagating">;

function sizeOf({ ifNeutral, ifPropagating }: Means): number {
  return Math.abs(ifNeutral - ifPropagating);
}

/** Where all samples are on one side, both means are the mean of all. */
function meansOf(side: Uint8Array, values: readonly number[]): Means {
  const sums = [0, 0];
  const counts = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const at = side[i] as number;
    sums[at] = (sums[at] as number) + (values[i] as number);
    counts[at] = (counts[at] as number) + 1;
  }
  const [propagating, neutral] = sums.map((sum, at) => sum / (counts[at] as number));
  const isOneSided = counts.includes(0);
  const mean = values.reduce((sum, it) => sum + it, 0) / values.length;
  return {
    ifNeutral: isOneSided ? mean : (neutral as number),
    ifPropagating: isOneSided ? mean : (propagating as number),
  };
}

/** Orders and choices of samples that follow from the seed of a sweep, each made once. */
class Chances {
  readonly #seed: number;
  readonly #samples: number;
  readonly #made = new Map<string, readonly number[]>();

  constructor(seed: number, samples: number) {
    this.#seed = seed;
    this.#samples = samples;
  }

  /** As many places of samples as there are, any of them more than once or not at all. */
  again(number: number): readonly number[] {
    return this.#make(`again ${number}`, (draw) =>
      Array.from({ length: this.#samples }, (_, i) => Math.floor(draw(i) * this.#samples)),
    );
  }

  /** All places of samples, in some order (Fisher and Yates). */
  shuffled(number: number): readonly number[] {
    return this.#make(`shuffle ${number}`, (draw) => {
      const places = Array.from({ length: this.#samples }, (_, i) => i);
      for (let i = places.length - 1; i > 0; i--) {
        const j = Math.floor(draw(i) * (i + 1));
        [places[i], places[j]] = [places[j] as number, places[i] as number];
      }
      return places;
    });
  }

  #make(name: string, make: (draw: (i: number) => number) => readonly number[]): readonly number[] {
    const made = this.#made.get(name) ?? make((i) => uniformOf(`${this.#seed} ${name} ${i}`));
    this.#made.set(name, made);
    return made;
  }
}
