import { byCodePoint } from "./code-point.ts";

/** Names proposed in place of one that there is not. */
const MOST = 5;

/** The names nearest to a text, nearest first. */
export function closestNames(names: Iterable<string>, text: string): string[] {
  const near = [...new Set(names)].map((name) => [editDistance(text, name), name] as const);
  near.sort((a, b) => a[0] - b[0] || byCodePoint(a[1], b[1]));
  return near
    .filter(([distance]) => distance <= Math.max(3, text.length / 2))
    .slice(0, MOST)
    .map(([, name]) => name);
}

/** Levenshtein's: how many characters must be put in, taken out or replaced. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const kept = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(kept, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
