import { byCodePoint, type Tid } from "@depid/hash";
import { formatRecordedTid } from "./scenario.ts";

/** Each comparison gives the first difference in the field's words, or `undefined` if there is none. */

/** Compares what is said of tasks. What is not recorded is not compared, here and below. */
export function sameMap<T>(field: string, expected: ReadonlyMap<Tid, T> | undefined, found: ReadonlyMap<Tid, T>) {
  const lines = (map: ReadonlyMap<Tid, T>): readonly string[] =>
    [...map].map(([tid, of]) => `${formatRecordedTid(tid)} ${String(of)}`);
  return sameSet(field, expected && lines(expected), lines(found));
}

/** Compares counters by name: those which are recorded. */
export function sameNumbers<T extends object>(
  field: string,
  expected: T | null | undefined,
  found: T,
): string | undefined {
  const keys = Object.keys(expected ?? {}) as (keyof T & string)[];
  return first(...keys.map((key) => () => sameText(`${field}.${key}`, String(expected?.[key]), String(found[key]))));
}

/** Compares lists as sets. */
export function sameSet(
  field: string,
  expected: readonly string[] | undefined,
  found: readonly string[],
): string | undefined {
  if (expected === undefined) return undefined;
  const sorted = (list: readonly string[]): string[] => [...new Set(list)].sort(byCodePoint);
  const missing = without(sorted(expected), found)[0];
  if (missing !== undefined) return `${field}: expected ${missing}, not found`;
  const extra = without(sorted(found), expected)[0];
  return extra === undefined ? undefined : `${field}: found ${extra}, not expected`;
}

/** Compares lists item by item. */
export function sameOrder(
  field: string,
  expected: readonly string[] | undefined,
  found: readonly string[],
): string | undefined {
  if (expected === undefined) return undefined;
  const at = Math.max(expected.length, found.length);
  for (let i = 0; i < at; i++) {
    const difference = sameText(`${field}[${i}]`, expected[i], found[i]);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Compares two texts; `undefined` is the end of a list. */
export function sameText(field: string, expected: string | undefined, found: string | undefined): string | undefined {
  return expected === found ? undefined : `${field}: expected ${expected ?? "the end"}, found ${found ?? "the end"}`;
}

/** What is in a list and not among the others. */
export function without(list: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return list.filter((item) => !known.has(item));
}

/** The first difference. */
export function first(...comparisons: readonly (() => string | undefined)[]): string | undefined {
  for (const compare of comparisons) {
    const difference = compare();
    if (difference !== undefined) return difference;
  }
  return undefined;
}
