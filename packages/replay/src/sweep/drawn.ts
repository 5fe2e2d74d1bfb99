import { uniformOf } from "../chance.ts";
import type { OutcomeBound } from "../outcomes/outcome-model.ts";
import { recipeOfKey, taskKeyOf } from "../task-key.ts";

/** What decides a draw. */
export interface Draw {
  /** The same text gives the same draw. */
  readonly seed: string;
  /** The probability that a change is neutral. What is neutral stays so where it is greater. */
  readonly neutral: number;
}

/** What of a sweep decides the draws of a sample. */
export function seedOf(seed: number, sample: number): string {
  return `${seed} ${sample}`;
}

/** What one step changes in one recipe is neutral where the probability is greater than this. @param recipe `[mc:NAME:]PN` */
export function drawOf(seed: string, step: number, recipe: string): number {
  return uniformOf(`${seed} outcome ${step} ${recipe}`);
}

/**
 * A bound that draws: what one step changes in one recipe is neutral as a whole, with a probability, or propagates as a whole. One commit does one thing to a
 * recipe; drawn task by task, hardly any change of many tasks would be neutral.
 */
export function drawnBound({ seed, neutral }: Draw): OutcomeBound {
  return {
    name: "drawn",
    outcomeOf: ({ step, after }) =>
      drawOf(seed, step.step, recipeOfKey(taskKeyOf(after))) < neutral ? "neutral" : "propagating",
  };
}
