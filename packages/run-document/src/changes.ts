import { decodeNumbers, encodeNumbers } from "./numbers.ts";

/**
 * What became other from one list of numbers to the next, as runs of places that have one number now: places since the end of the run before, length,
 * number. Places after the end of the first list held 0. Neighbours are tasks of one recipe, which often go one way.
 */
export function encodeChanges(before: ArrayLike<number>, after: ArrayLike<number>): string {
  const numbers: number[] = [];
  let end = 0;
  for (let at = 0; at < after.length; ) {
    const value = after[at] as number;
    if (value === (before[at] ?? 0)) {
      at++;
      continue;
    }
    const start = at;
    let last = at;
    // A place that has the number already may be inside of a run, but ends none.
    for (; at < after.length && after[at] === value; at++) if (value !== (before[at] ?? 0)) last = at;
    numbers.push(start - end, last - start + 1, value);
    end = last + 1;
    at = end;
  }
  return encodeNumbers(numbers);
}

/** Makes of a list the next one, in place. @returns whether the text is right, and fits the list */
export function applyChanges(list: Int32Array, text: string): boolean {
  const numbers = decodeNumbers(text);
  if (numbers === undefined || numbers.length % 3 !== 0) return false;
  let at = 0;
  for (let i = 0; i < numbers.length; i += 3) {
    at += numbers[i] as number;
    const end = at + (numbers[i + 1] as number);
    if (end > list.length) return false;
    list.fill(numbers[i + 2] as number, at, end);
    at = end;
  }
  return true;
}
