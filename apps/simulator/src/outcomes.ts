import { readFile } from "node:fs/promises";
import {
  boundOfLabels,
  createLabelSource,
  type KnowledgeSource,
  type Label,
  type LabelSource,
  type Labels,
  LabelsError,
  neutral,
  type OutcomeBound,
  OutcomeChain,
  type OutcomeWord,
  parseLabels,
  pessimistic,
} from "@depid/replay";

/** A chain of outcomes as asked for. */
export interface ChosenOutcomes {
  readonly name: string;
  /** The labels in it. */
  readonly labels: readonly Labels[];
  /** A new chain, which has decided nothing yet, and the labels in it. */
  create(change?: LabelChange): { readonly chain: OutcomeChain; readonly labelled: readonly LabelSource[] };
}

/** What is done to labels before they are used. */
export type LabelChange = (labels: Labels) => Labels;

const BOUNDS: Readonly<Record<string, OutcomeBound>> = { pessimistic, neutral };

/**
 * Reads a chain of outcomes: `recorded:…`, `labels:FILE` (or FILE alone), `classes`, and a bound, `pessimistic` or `neutral`, at its end; by default labels say what
 * holds otherwise, and pessimistic is the bound.
 *
 * @throws {LabelsError}
 */
export async function chooseOutcomes(text: string): Promise<ChosenOutcomes> {
  const parts = text.split(",").map((part) => part.trim());
  const last = parts.at(-1) ?? "";
  const given = Object.hasOwn(BOUNDS, last) ? BOUNDS[last] : undefined;
  if (given !== undefined) parts.pop();
  const makers: ((change: LabelChange) => KnowledgeSource)[] = [];
  const all: Labels[] = [];
  let otherwise: OutcomeBound | undefined;
  for (const part of parts) {
    const file = part.replace(/^labels:/, "");
    const labels = parseLabels(await readLabelFile(file), file);
    all.push(labels);
    otherwise = boundOfLabels(labels, file);
    makers.push((change) => createLabelSource(change(labels), `labels:${file}`));
  }
  const bound = given ?? otherwise ?? pessimistic;
  return {
    name: text,
    labels: all,
    create(change = (labels) => labels) {
      const sources = makers.map((make) => make(change));
      return { chain: new OutcomeChain(sources, bound), labelled: sources.filter((it) => "decided" in it) };
    },
  };
}

/** Chains around the one that was asked for, from the one by which least must be done to the one by which most must be. */
export function chainsAround({
  name,
  labels,
  create,
}: ChosenOutcomes): readonly { model: string; definition: string; create: () => OutcomeChain }[] {
  const bounds = [
    {
      model: "neutral",
      definition: "no change of a task's own inputs changes any output",
      create: () => new OutcomeChain([], neutral),
    },
    {
      model: "pessimistic",
      definition: "each change of a task's own inputs changes its output and propagates",
      create: () => new OutcomeChain([], pessimistic),
    },
  ] as const;
  if (labels.length === 0) return bounds;
  return [
    bounds[0],
    {
      model: "labelled, unsure ones neutral",
      definition: "labels marked unsure say neutral instead",
      create: () => create((it) => withUnsure(it, "neutral")).chain,
    },
    { model: "labelled", definition: name, create: () => create().chain },
    {
      model: "labelled, unsure ones propagating",
      definition: "labels marked unsure say propagating instead",
      create: () => create((it) => withUnsure(it, "propagating")).chain,
    },
    bounds[1],
  ];
}

function withUnsure(labels: Labels, outcome: OutcomeWord): Labels {
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
