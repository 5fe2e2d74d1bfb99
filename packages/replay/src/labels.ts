import { compileShellPattern } from "@depid/sstate";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { LabelsError } from "./errors.ts";
import type { Outcome, OutcomeModel, OwnChange } from "./outcome-model.ts";

/** What somebody who read the commits says of the changes in a history (`depid-labels/1`). */
export interface Labels {
  /** Outcome of a change that no label matches. */
  readonly otherwise: Outcome;
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
  readonly outcome: Outcome;
  /** Why: what the commit says. */
  readonly reason: string;
  /** How sure the label is; unsure ones are tried both ways by a sensitivity run. */
  readonly sure: boolean;
}

export const LABELS_FORMAT = "depid-labels/1";

const outcome = z.enum(["neutral", "contained", "propagating"]);
const file = z.strictObject({
  format: z.literal(LABELS_FORMAT),
  otherwise: outcome,
  labels: z.array(
    z.strictObject({
      commit: z
        .string()
        .regex(/^[0-9a-f]{7,40}$/, "expected 7 to 40 lowercase hexadecimal digits, in quotes if they are all decimal"),
      recipe: z.string().min(1).optional(),
      task: z.string().min(1).optional(),
      outcome,
      reason: z.string().min(1),
      sure: z.boolean().default(true),
    }),
  ),
});

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
    const issue = result.error.issues[0];
    const path = issue?.path ?? [];
    throw new LabelsError(
      source,
      lineOf(path),
      `${path.join(".")}${path.length > 0 ? ": " : ""}${issue?.message ?? "not as expected"}`,
    );
  }
  const { otherwise, labels } = result.data;
  return {
    otherwise,
    labels: labels.map(({ recipe, task, ...label }) => ({
      ...label,
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

/** An outcome model by labels; it remembers which labels decided anything. */
export interface LabelledModel extends OutcomeModel {
  readonly labels: Labels;
  /** How many changes of a task's own inputs each label decided so far, in the order of the labels. */
  readonly decided: readonly number[];
  /** How many changes no label matched so far. */
  readonly unmatched: number;
}

/** `labelled`: the first label that matches a change says what it does. */
export function createLabelledModel(labels: Labels): LabelledModel {
  const rules = labels.labels.map((label) => ({
    ...label,
    recipePattern: compileShellPattern(label.recipe ?? "*"),
    taskPattern: compileShellPattern(label.task ?? "*"),
  }));
  const decided = rules.map(() => 0);
  let unmatched = 0;
  return {
    name: "labelled",
    labels,
    decided,
    get unmatched() {
      return unmatched;
    },
    outcomeOf({ step, after }: OwnChange): Outcome {
      const commits = [step.id, ...step.commits.map((commit) => commit.id)];
      const found = rules.findIndex(
        (rule) =>
          commits.some((id) => id.startsWith(rule.commit) || rule.commit.startsWith(id)) &&
          rule.recipePattern.test(after.pn) &&
          rule.taskPattern.test(after.task),
      );
      const rule = rules[found];
      if (rule === undefined) {
        unmatched += 1;
        return labels.otherwise;
      }
      decided[found] = (decided[found] ?? 0) + 1;
      return rule.outcome;
    },
  };
}
