import { readFile } from "node:fs/promises";
import {
  createLabelledModel,
  type Label,
  type LabelledModel,
  type Labels,
  LabelsError,
  neutral,
  type Outcome,
  type OutcomeModel,
  parseLabels,
  pessimistic,
} from "@depid/replay";

/** An outcome model as asked for: by name, or by labels in a file. */
export interface ChosenOutcomes {
  readonly name: string;
  readonly labels: Labels | undefined;
  /** A new model, which has decided nothing yet. */
  create(): OutcomeModel | LabelledModel;
}

/** @param model `pessimistic`, `neutral`, or a file of labels @throws {LabelsError} */
export async function chooseOutcomes(model: string): Promise<ChosenOutcomes> {
  if (model === "pessimistic") return { name: model, labels: undefined, create: () => pessimistic };
  if (model === "neutral") return { name: model, labels: undefined, create: () => neutral };
  const labels = parseLabels(await readLabelFile(model), model);
  return { name: `labelled by ${model}`, labels, create: () => createLabelledModel(labels) };
}

/** Models around the one that was asked for, from the one by which least must be done to the one by which most must be. */
export function modelsAround({
  name,
  labels,
  create,
}: ChosenOutcomes): readonly { model: string; definition: string; create: () => OutcomeModel }[] {
  const bounds = [
    { model: "neutral", definition: "no change of a task's own inputs changes any output", create: () => neutral },
    {
      model: "pessimistic",
      definition: "each change of a task's own inputs changes its output and propagates",
      create: () => pessimistic,
    },
  ] as const;
  if (labels === undefined) return bounds;
  return [
    bounds[0],
    {
      model: "labelled, unsure ones neutral",
      definition: "labels marked unsure say neutral instead",
      create: () => createLabelledModel(withUnsure(labels, "neutral")),
    },
    { model: "labelled", definition: name, create },
    {
      model: "labelled, unsure ones propagating",
      definition: "labels marked unsure say propagating instead",
      create: () => createLabelledModel(withUnsure(labels, "propagating")),
    },
    bounds[1],
  ];
}

function withUnsure(labels: Labels, outcome: Outcome): Labels {
  return { ...labels, labels: labels.labels.map((label): Label => (label.sure ? label : { ...label, outcome })) };
}

async function readLabelFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const problem = isMissing
      ? "no such file; expected pessimistic, neutral or a file of labels"
      : (cause as Error).message;
    throw new LabelsError(file, 0, problem, { cause });
  }
}
