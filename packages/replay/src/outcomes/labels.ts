import { compileShellPattern } from "@depid/sstate";
import type { HistoryStep } from "@depid/task-graph";
import { describeProblem } from "@depid/task-graph/read";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { LabelsError } from "../errors.ts";
import { hasCommit } from "../step-commit.ts";
import {
  OUTCOME_WORDS,
  type Outcome,
  type OutcomeBound,
  type OutcomeSource,
  type OutcomeWord,
  type OwnChange,
} from "./outcome-model.ts";

/** What somebody who read the commits says of the changes in a history (`depid-labels/1`). */
export interface Labels {
  /** Outcome of a change that no label matches, if no other source knows it. */
  readonly otherwise: OutcomeWord;
  /** The first that matches a change decides. */
  readonly labels: readonly Label[];
}

/** A rule: changes of these commits, recipes and tasks have this outcome. */
export interface Label {
  /** Beginning of a commit id of the step. */
  readonly commit: string;
  /** Shell pattern for the recipe name; absent: any. */
  readonly recipe?: string;
  /** Shell pattern for the task name, with `do_`; absent: any. */
  readonly task?: string;
  /** In the file, `as: COMMIT` stands in place of `outcome`. */
  readonly outcome: Outcome;
  /** Why: what the commit says. */
  readonly reason: string;
  /** How sure the label is; unsure ones are tried both ways by a sensitivity run. */
  readonly sure: boolean;
}

export const LABELS_FORMAT = "depid-labels/1";

const outcome = z.enum(OUTCOME_WORDS);
const commit = z
  .string()
  .refine(
    isCommitOfLabel,
    "expected 7 to 40 lowercase hexadecimal digits, in quotes if they are all decimal, or the id of a step that is no commit",
  );
const file = z.strictObject({
  format: z.literal(LABELS_FORMAT),
  otherwise: outcome,
  labels: z.array(
    z
      .strictObject({
        commit,
        recipe: z.string().min(1).optional(),
        task: z.string().min(1).optional(),
        outcome: outcome.optional(),
        as: commit.optional(),
        reason: z.string().min(1),
        sure: z.boolean().default(true),
      })
      .refine((it) => (it.outcome === undefined) !== (it.as === undefined), "expected either outcome or as"),
  ),
});

/**
 * Whether a label can name a commit so: by 7 to 40 hexadecimal digits; or the id of a step that is no commit, such as a file's
 * name, which is known by having another character.
 */
export function isCommitOfLabel(text: string): boolean {
  return /^[0-9a-f]{7,40}$/.test(text) || /[^0-9a-f]/.test(text);
}

/**
 * Reads a label file (YAML).
 *
 * @param source what the text came from, for messages
 * @throws {LabelsError} naming source, line and field
 */
export function parseLabels(text: string, source: string): Labels {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new LabelsError(
      source,
      lineCounter.linePos(broken.pos[0]).line,
      broken.message.split("\n")[0] ?? "not YAML",
      { cause: broken },
    );
  }
  const result = file.safeParse(document.toJS());
  if (!result.success) {
    throw new LabelsError(source, lineOf(result.error.issues[0]?.path ?? []), describeProblem(result.error));
  }
  const { otherwise, labels } = result.data;
  return {
    otherwise,
    labels: labels.map(({ recipe, task, outcome, as = "", ...label }) => ({
      ...label,
      outcome: outcome ?? { as },
      ...(recipe === undefined ? {} : { recipe }),
      ...(task === undefined ? {} : { task }),
    })),
  };

  /** Line of the deepest part of the path that the document has. */
  function lineOf(path: readonly PropertyKey[]): number {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      const range = (node as { readonly range?: readonly number[] } | undefined)?.range;
      if (range?.[0] !== undefined) return lineCounter.linePos(range[0]).line;
    }
    return 1;
  }
}

/** A source of outcomes by labels. */
export interface LabelSource extends OutcomeSource {
  readonly labels: Labels;
  /** Place of the first label that matches a change; `undefined` where none does. */
  findLabel(change: OwnChange): number | undefined;
}

/** The first label that matches a change says what it does; where none does, the source does not know. */
export function createLabelSource(labels: Labels, name: string): LabelSource {
  const rules = labels.labels.map((label) => ({
    ...label,
    recipePattern: compileShellPattern(label.recipe ?? "*"),
    taskPattern: compileShellPattern(label.task ?? "*"),
  }));
  const findLabel = ({ step, after }: OwnChange): number | undefined => {
    const found = rules.findIndex(
      (rule) => hasCommit(step, rule.commit) && rule.recipePattern.test(after.pn) && rule.taskPattern.test(after.task),
    );
    return found < 0 ? undefined : found;
  };
  return { name, labels, findLabel, outcomeOf: (change) => rules[findLabel(change) ?? -1]?.outcome };
}

/**
 * Checks that the commits which labels say the content is `as` at are in a history, and no later than the step that is labelled.
 *
 * @throws {LabelsError} naming source and label
 */
export function checkLabels(
  { labels }: Labels,
  source: string,
  steps: readonly Pick<HistoryStep, "step" | "id" | "commits">[],
): void {
  labels.forEach(({ outcome, commit }, i) => {
    if (typeof outcome === "string" || !("as" in outcome)) return;
    const then = steps.find((step) => hasCommit(step, outcome.as));
    const wrong = `labels[${i}].as: expected a commit of the history, found none that begins with ${outcome.as}`;
    if (then === undefined) throw new LabelsError(source, 0, wrong);
    const now = steps.find((step) => hasCommit(step, commit));
    if (now === undefined || then.step < now.step) return;
    const late = `labels[${i}].as: expected a commit before ${commit} (step ${now.step}), found ${outcome.as} (step ${then.step})`;
    throw new LabelsError(source, 0, late);
  });
}

/** What a label file says of changes that no label matches: the bound of a chain that ends in labels. */
export function boundOfLabels({ otherwise }: Labels, name: string): OutcomeBound {
  return { name: `otherwise ${otherwise} (${name})`, outcomeOf: () => otherwise };
}
