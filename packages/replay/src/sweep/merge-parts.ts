import { MergeError } from "../errors.ts";
import { inOrderOf, type SweepPlan, type SweepRun } from "./sweep-run.ts";

/** A part with the name of its file. */
export interface NamedPart {
  readonly file: string;
  readonly run: SweepRun;
}

/**
 * The sweep that was split into these parts: the same as though it had been done at once.
 *
 * @throws {MergeError} when they are not all the parts of one sweep, each once; it names file and field
 */
export function mergeParts(parts: readonly NamedPart[]): SweepRun {
  const [first] = parts;
  if (first === undefined) throw new MergeError("", "", "expected a part");
  const { of } = first.run.shard;
  const files = new Map<number, string>();
  for (const { file, run } of parts) {
    const difference = findDifference(planOf(first.run), planOf(run));
    if (difference !== undefined) {
      const [field, expected, found] = difference;
      throw new MergeError(
        file,
        field,
        `expected ${expected}, as in ${first.file}, found ${found}: parts of one sweep have the same`,
      );
    }
    const { place } = run.shard;
    if (run.shard.of !== of) {
      throw new MergeError(file, "shard.of", `expected ${of}, as in ${first.file}, found ${run.shard.of}`);
    }
    const before = files.get(place);
    if (before !== undefined) throw new MergeError(file, "shard.place", `part ${place} of ${of} is ${before} already`);
    files.set(place, file);
  }
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((place) => !files.has(place));
  if (missing.length > 0) {
    throw new MergeError(first.file, "shard", `of ${of} parts, expected all, found none for ${missing.join(", ")}`);
  }
  const samples = parts.flatMap(({ run }) => run.samples);
  return { ...first.run, shard: { place: 1, of: 1 }, samples: inOrderOf(first.run.setting, samples) };
}

function planOf({ history, setting, inputs, durations, groups, assumed }: SweepRun): SweepPlan {
  return { history, setting, inputs, durations, groups, assumed };
}

/** The first place where two values differ, and what is there as text. */
function findDifference(a: unknown, b: unknown, path = ""): readonly [string, string, string] | undefined {
  if (!isObject(a) || !isObject(b)) return a === b ? undefined : [path, show(a), show(b)];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = findDifference(a[key], b[key], path === "" ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
