import { sha256Hex } from "@depid/hash";
import type { OtherRun } from "../outcomes/irreproducible.ts";
import type { Content, RunMark } from "./content.ts";
import type { EffectiveInputs, OwnInputs } from "./effective-inputs.ts";

/** What comes of the run of the task in a slot, in one build; `undefined` for what its inputs usually give. */
export type Runs = (slot: number) => OtherRun | undefined;

/**
 * What of a content is of the run that made it: of a run that gave another output than usual, and of those of dependencies that show in it.
 *
 * @param own the run itself, if it gave another output than usual
 * @param held what was held of a dependency; `undefined`: what a clean build usually makes
 * @returns `undefined` where all is as usual
 */
export function runMarkOf(
  own: OtherRun | undefined,
  { output, outward }: EffectiveInputs,
  held: (slot: number) => Content | undefined,
): RunMark | undefined {
  const within = [own?.mark ?? "", ...marksOf(output, held, true)];
  const without = [own?.does === "propagating" ? own.mark : "", ...marksOf(outward, held, false)];
  const mark: RunMark = { output: digestOf(within), outward: digestOf(without) };
  return mark.output === "" && mark.outward === "" ? undefined : mark;
}

/** Marks of the dependencies, in their order. @param within whether those of the same recipe show as a whole */
function marksOf(
  { deps, inRecipe, frozen }: OwnInputs,
  held: (slot: number) => Content | undefined,
  within: boolean,
): string[] {
  return deps.map((slot, i) => {
    const run = frozen.has(slot) ? undefined : held(slot)?.run;
    return (within && inRecipe[i] === true ? run?.output : run?.outward) ?? "";
  });
}

function digestOf(marks: readonly string[]): string {
  return marks.every((it) => it === "") ? "" : sha256Hex(marks.join("\n"));
}
