/** Stands for what was left out: lines if it is alone on its line, else part of the line. */
const ELLIPSIS = "…";
const VARIABLE = "\u0000";

/** Cost of leaving out a line that is still printed: no ellipsis may have it. */
const KEPT = 1000;

const Step = { swallow: 1, close: 2, fit: 3, replace: 4, drop: 5, add: 6 } as const;

/** What was documented held against what was printed. */
export interface Comparison {
  readonly equal: boolean;
  /** What to document: as it was where that fits, with its ellipses, else as printed. */
  readonly lines: readonly string[];
  /** `-` what was documented and is not so, `+` what was printed in its place; in order. */
  readonly differences: readonly string[];
  /** Line of the first difference, from 0. */
  readonly first: number;
}

/**
 * Finds the cheapest way to make what was documented into what was printed: lines that fit cost nothing, nor does what an ellipsis swallows.
 *
 * @param varies parts of lines that may be another text in each run
 */
export function compareOutput(
  documented: readonly string[],
  printed: readonly string[],
  varies: readonly RegExp[] = [],
): Comparison {
  const plain = (line: string) => varies.reduce((text, regex) => text.replace(regex, VARIABLE), line);
  const want = documented.map(plain);
  const got = printed.map(plain);
  const patterns = want.map((line) => (isGap(line) ? undefined : patternOf(line)));
  const isPrinted = patterns.map((pattern) => pattern !== undefined && got.some((line) => pattern.test(line)));
  const dropCosts = want.map((line, i) => (isPrinted[i] && line !== "" ? KEPT : 1));
  const replaceCost = (i: number, j: number) =>
    (dropCosts[i] as number) - 1 + 1.9 * (1 - likeness(words.want[i], words.got[j]));
  const words = { want: want.map(wordsOf), got: got.map(wordsOf) };
  const width = got.length + 1;
  const costs = new Float64Array((want.length + 1) * width).fill(Number.POSITIVE_INFINITY);
  const steps = new Uint8Array(costs.length);
  const offer = (i: number, j: number, cost: number, step: number) => {
    if (cost >= (costs[i * width + j] as number)) return;
    costs[i * width + j] = cost;
    steps[i * width + j] = step;
  };
  costs[0] = 0;
  for (let i = 0; i <= want.length; i += 1) {
    for (let j = 0; j <= got.length; j += 1) {
      const cost = costs[i * width + j] as number;
      const isEllipsis = i < want.length && patterns[i] === undefined;
      if (isEllipsis) {
        offer(i + 1, j, cost, Step.close);
        if (j < got.length) offer(i, j + 1, cost, Step.swallow);
      } else if (i < want.length) {
        if (j < got.length && patterns[i]?.test(got[j] ?? "")) offer(i + 1, j + 1, cost, Step.fit);
        if (j < got.length) offer(i + 1, j + 1, cost + replaceCost(i, j), Step.replace);
        offer(i + 1, j, cost + (dropCosts[i] as number), Step.drop);
      }
      if (j < got.length) offer(i, j + 1, cost + 1, Step.add);
    }
  }
  return retrace();

  function retrace(): Comparison {
    const lines: string[] = [];
    const differences: string[] = [];
    let first = 0;
    let [i, j] = [want.length, got.length];
    while (i > 0 || j > 0) {
      const step = steps[i * width + j];
      const before = step === Step.swallow || step === Step.add ? i : i - 1;
      const taken = step === Step.close || step === Step.drop ? j : j - 1;
      if (step === Step.fit || step === Step.close) lines.push(documented[before] as string);
      if (step === Step.replace || step === Step.add) {
        lines.push(printed[taken] as string);
        differences.push(`+ ${printed[taken]}`);
        first = before;
      }
      if (step === Step.replace || step === Step.drop) {
        differences.push(`- ${documented[before]}`);
        first = before;
      }
      [i, j] = [before, taken];
    }
    return { equal: differences.length === 0, lines: lines.reverse(), differences: differences.reverse(), first };
  }
}

function isGap(line: string): boolean {
  return line.trim() === ELLIPSIS;
}

function patternOf(line: string): RegExp {
  const literal = line.split(ELLIPSIS).map((it) => it.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`, "s");
}

function wordsOf(line: string): ReadonlySet<string> {
  return new Set(line.split(/\s+/));
}

/** Share of words that two lines have in common, 0 to 1. */
function likeness(a: ReadonlySet<string> = new Set(), b: ReadonlySet<string> = new Set()): number {
  let common = 0;
  for (const word of a) if (b.has(word)) common += 1;
  return common / Math.max(a.size, b.size);
}
