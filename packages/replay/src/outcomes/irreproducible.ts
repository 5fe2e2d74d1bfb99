import { sha256Hex } from "@depid/hash";
import { compileShellPattern } from "@depid/sstate";
import { uniformOf } from "../chance.ts";
import { recipeOfKey, type TaskKey, taskOfKey } from "../task-key.ts";

/** Tasks that are not reproducible: a run may give another output though its inputs are the same (`depid-irreproducible/1`). */
export interface IrreproducibleRule {
  /** Shell pattern for the recipe name; absent: any. */
  readonly recipe?: string | undefined;
  /** Shell pattern for the task name, with `do_`; absent: any. */
  readonly task?: string | undefined;
  /** With which a run gives an output that no other run gives, from 0 to 1; else it gives the usual one. */
  readonly probability: number;
  /** Whether other recipes see that the output is another one, or the recipe's own tasks alone. */
  readonly does: "contained" | "propagating";
  /** Why. */
  readonly because?: string | undefined;
}

/** Which tasks are not reproducible, and what decides their runs. */
export interface Irreproducible {
  /** The first that matches a task counts. */
  readonly rules: readonly IrreproducibleRule[];
  /** The same text draws the same. */
  readonly seed: string;
}

/** A run that gave another output than its inputs usually give. */
export interface OtherRun {
  /** Tells it from all other runs. */
  readonly mark: string;
  readonly does: IrreproducibleRule["does"];
}

/**
 * Draws whether the run of a task gives its usual output. All policies draw alike: what a task gives in a build does not depend on why it is run.
 *
 * @param build names the build: its step, and who builds
 * @returns `undefined` for the usual output
 */
export type DrawRun = (key: TaskKey, build: string) => OtherRun | undefined;

export function createRunDraws({ rules, seed }: Irreproducible): DrawRun {
  const compiled = rules.map(({ recipe = "*", task = "*", ...rule }) => ({
    ...rule,
    recipe: compileShellPattern(recipe),
    task: compileShellPattern(task),
  }));
  const found = new Map<TaskKey, (typeof compiled)[number] | undefined>();
  const ruleOf = (key: TaskKey) => {
    if (found.has(key)) return found.get(key);
    const recipe = recipeOfKey(key).replace(/^mc:[^:]*:/, "");
    const rule = compiled.find((it) => it.recipe.test(recipe) && it.task.test(taskOfKey(key)));
    found.set(key, rule);
    return rule;
  };
  return (key, build) => {
    const rule = ruleOf(key);
    if (rule === undefined) return undefined;
    const run = `${seed} run ${build} ${key}`;
    return uniformOf(run) < rule.probability ? { mark: sha256Hex(run), does: rule.does } : undefined;
  };
}

/** What is taken for granted of tasks that are not reproducible, a sentence for each rule. */
export function irreproducibleSentences({ rules }: Pick<Irreproducible, "rules">): readonly string[] {
  return rules.map(({ recipe = "*", task = "*", probability, does, because }) => {
    const reach = does === "contained" ? ", which other recipes do not see" : "";
    const reason = because === undefined ? "" : ` (${because})`;
    return `not reproducible: ${recipe}:${task} gives another output than usual with probability ${probability} in each run${reach}${reason}. It is not stale, as its inputs are the same; but its output hash is another one.`;
  });
}
