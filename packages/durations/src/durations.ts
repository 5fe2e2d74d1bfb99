import { familyOf, formatSetscene, splitSetscene } from "@depid/hash";
import { kinOf } from "./kin.ts";
import { medianOf } from "./median.ts";
import type { DurationSource } from "./sources.ts";

/** What one run of a task took. */
export interface Seconds {
  /** By the clock, from begin to end. */
  readonly elapsed: number;
  /** Of the processors, user and system, children included; `undefined` if not known. */
  readonly cpu: number | undefined;
}

/** Which of the two figures is meant. */
export type Measure = keyof Seconds;

/** One run of a task that ended well. Runs that failed are no records. */
export interface DurationRecord {
  /** PN. */
  readonly recipe: string;
  /** `do_x`, or `do_x_setscene` for a restored task. */
  readonly task: string;
  /** Seconds by the clock. */
  readonly elapsed: number;
  /** Seconds of the processors. */
  readonly cpu?: number;
  /** Names the build it ran in; without it, the run counts as one of a build of its own. */
  readonly build?: string;
}

/** Whether the task is executed, or restored from an sstate object. */
export type DurationVariant = "real" | "setscene";

/** A task as far as its duration goes. */
export interface TimedTask {
  /** PN. */
  readonly pn: string;
  /** With `do_`, without `_setscene`. */
  readonly task: string;
}

/** Seconds that a task takes, as far as anything is known. */
export interface KnownDuration {
  /**
   * Measured, or the median that stands in. It is 0 for want of anything else only where no task of the variant was measured at
   * all: `source` is `unknown` then.
   */
  readonly seconds: number;
  readonly source: DurationSource;
}

/** A table of measured seconds that has an answer for any task. */
export interface Durations {
  /**
   * How long a task takes: as measured (median over builds); else the median of the same task in other variants of the recipe; else of the
   * same task of all recipes; else, where nobody measured a task of that name, the same two of a like task (`kinOf`);
   * else the median of all tasks. Setscene tasks are asked for among setscene tasks only.
   */
  durationOf(task: TimedTask, variant: DurationVariant): KnownDuration;
  /** Where the figures come from, for reports. */
  readonly names: readonly string[];
  readonly measure: Measure;
  /** How many pairs of recipe and task were measured, by variant. Zero: nothing of it is known, and no hours can be told. */
  readonly measured: Readonly<Record<DurationVariant, number>>;
}

export interface DurationOptions {
  /** Default: `elapsed`. With `cpu`, records without CPU seconds do not count. */
  readonly measure?: Measure;
  /** Where the records come from, as the user named it. */
  readonly names?: readonly string[];
}

/**
 * A table of the records. Runs of one build are one figure first (their median), then the builds are (their median). The order
 * of the records does not matter.
 */
export function createDurations(
  records: Iterable<DurationRecord>,
  { measure = "elapsed", names = [] }: DurationOptions = {},
): Durations {
  const own = mediansOf(records, measure);
  const tables = { real: new Table(), setscene: new Table() };
  for (const [recipe, tasks] of own)
    for (const [task, seconds] of tasks)
      tables[splitSetscene(task).isSetscene ? "setscene" : "real"].add(recipe, task, seconds);
  return {
    durationOf: ({ pn, task }, variant) =>
      tables[variant].find(pn, variant === "setscene" ? formatSetscene(task) : task),
    names,
    measure,
    measured: { real: tables.real.size, setscene: tables.setscene.size },
  };
}

/** By recipe and task: the median over builds of the medians of each. */
function mediansOf(records: Iterable<DurationRecord>, measure: Measure): Map<string, Map<string, number>> {
  const runs = new Map<string, Map<string, Map<string | symbol, number[]>>>();
  for (const record of records) {
    const seconds = record[measure];
    if (seconds === undefined) continue;
    const builds = entryOf(entryOf(runs, record.recipe, createMap), record.task, createMap);
    entryOf(builds, record.build ?? Symbol(), () => []).push(seconds);
  }
  return mapValues(runs, (tasks) =>
    mapValues(tasks, (builds) => medianOf([...builds.values()].map((it) => medianOf(it) as number)) as number),
  );
}

/** The figures of one variant, with the medians that stand in where one is missing. */
class Table {
  /** By task, by family, by recipe. */
  readonly #seconds = new Map<string, Map<string, Map<string, number>>>();
  readonly #answers = new Map<string, Map<string, KnownDuration>>();
  readonly #byTask = new Map<string, number | undefined>();
  #all: number | undefined;
  size = 0;

  add(recipe: string, task: string, seconds: number): void {
    entryOf(entryOf(this.#seconds, task, createMap), familyOf(recipe), createMap).set(recipe, seconds);
    this.size += 1;
  }

  find(recipe: string, task: string): KnownDuration {
    const answers = entryOf(this.#answers, task, createMap);
    return entryOf(answers, recipe, () => this.#find(recipe, task));
  }

  #find(recipe: string, task: string): KnownDuration {
    const variants = this.#variantsOf(recipe, task);
    const seconds = variants?.get(recipe);
    if (seconds !== undefined) return { seconds, source: "measured" };
    const known = this.#standIn(recipe, [task]) ?? this.#standIn(recipe, kinOf(task));
    return known ?? { seconds: this.#medianOfAll(), source: "unknown" };
  }

  /** The median of the variants for the first task that has any, then the median of the recipes likewise. */
  #standIn(recipe: string, tasks: readonly string[]): KnownDuration | undefined {
    for (const task of tasks) {
      const seconds = medianOf(this.#variantsOf(recipe, task)?.values() ?? []);
      if (seconds !== undefined) return { seconds, source: "variant" };
    }
    for (const task of tasks) {
      const seconds = this.#medianOfTask(task);
      if (seconds !== undefined) return { seconds, source: "task" };
    }
    return undefined;
  }

  #variantsOf(recipe: string, task: string): ReadonlyMap<string, number> | undefined {
    return this.#seconds.get(task)?.get(familyOf(recipe));
  }

  #medianOfTask(task: string): number | undefined {
    return entryOf(this.#byTask, task, () => medianOf(valuesOf(this.#seconds.get(task))));
  }

  #medianOfAll(): number {
    this.#all ??= medianOf([...this.#seconds.values()].flatMap((families) => [...valuesOf(families)])) ?? 0;
    return this.#all;
  }
}

function* valuesOf(families: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map()): Generator<number> {
  for (const recipes of families.values()) yield* recipes.values();
}

function createMap<K, V>(): Map<K, V> {
  return new Map();
}

function entryOf<K, V>(map: Map<K, V>, key: K, create: () => NoInfer<V>): V {
  if (!map.has(key)) map.set(key, create());
  return map.get(key) as V;
}

function mapValues<K, V, W>(map: ReadonlyMap<K, V>, change: (value: V) => W): Map<K, W> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
