import { stat } from "node:fs/promises";
import { list } from "@depid/command-line/flags";
import {
  boundOfLabels,
  type Label,
  type Labels,
  neutral,
  type OutcomeBound,
  OutcomeChain,
  type OutcomeWord,
  pessimistic,
} from "@depid/replay";
import { OptionError } from "./outcomes/errors.ts";
import { readLabels } from "./outcomes/labels.ts";
import type { LabelChange, OutcomeContext, ReadSource } from "./outcomes/source-reader.ts";
import { SOURCES } from "./outcomes/sources.ts";

/** A chain of outcomes as asked for. */
export interface ChosenOutcomes {
  readonly name: string;
  /** How many sources it has before its bound. */
  readonly sources: number;
  /** The labels in it. */
  readonly labels: readonly Labels[];
  /** A new chain, which has followed no history yet. @param bound default: the one that was asked for @param draw decides what is drawn; default: the seed */
  create(change?: LabelChange, bound?: OutcomeBound, draw?: string): OutcomeChain;
}

const BOUNDS: Readonly<Record<string, OutcomeBound>> = { pessimistic, neutral };

/**
 * Reads a chain of outcomes, comma separated, the first that knows decides: `recorded:SOURCE`, `labels:FILE` (or FILE alone), other kinds of `SOURCES`, and
 * last a bound, `pessimistic` or `neutral`. Without a bound the last labels say what holds otherwise, else pessimistic does.
 *
 * @throws {OptionError} for a member that is none, and what its readers throw: one line each
 */
export async function chooseOutcomes(text: string, context: OutcomeContext): Promise<ChosenOutcomes> {
  const members = [...list(text)];
  const given = Object.hasOwn(BOUNDS, members.at(-1) ?? "") ? BOUNDS[members.pop() ?? ""] : undefined;
  const sources: ReadSource[] = [];
  for (const member of members) sources.push(await readMember(member, context));
  const labelled = sources.flatMap((source) => (source.labels === undefined ? [] : [source.labels]));
  const last = labelled.at(-1);
  const bound = given ?? (last === undefined ? pessimistic : boundOfLabels(last.labels, last.file));
  return {
    name: text,
    sources: sources.length,
    labels: labelled.map(({ labels }) => labels),
    create: (change = (labels) => labels, other = bound, draw) =>
      new OutcomeChain(
        sources.map((source) => source.create(change, draw)),
        other,
      ),
  };
}

/** The last member of a chain that draws what the others do not decide. */
export const DRAWN = "drawn";

/**
 * The same for a chain whose bound is drawn: it ends in `drawn`, said or not.
 *
 * @throws {OptionError} where another bound decides all; and as above
 */
export async function chooseDrawnOutcomes(text: string, context: OutcomeContext): Promise<ChosenOutcomes> {
  const members = [...list(text)];
  const last = members.at(-1) ?? "";
  if (Object.hasOwn(BOUNDS, last)) {
    throw new OptionError(`--outcomes: ${last}: decides all, so that nothing is left to draw: expected ${DRAWN} last`);
  }
  if (last === DRAWN) members.pop();
  if (members.length > 0) return { ...(await chooseOutcomes(members.join(), context)), name: text };
  return { name: text, sources: 0, labels: [], create: (_, bound = pessimistic) => new OutcomeChain([], bound) };
}

async function readMember(member: string, context: OutcomeContext): Promise<ReadSource> {
  const colon = member.indexOf(":");
  const kind = colon === -1 ? member : member.slice(0, colon);
  const argument = colon === -1 ? "" : member.slice(colon + 1);
  const kinds = `expected ${Object.keys(SOURCES).join(", ")} or a file of labels, and last pessimistic or neutral`;
  if (Object.hasOwn(BOUNDS, member)) throw new OptionError(`--outcomes: ${member}: decides all, so expected it last`);
  if (member === "") throw new OptionError(`--outcomes: a member is empty; ${kinds}`);
  const read = Object.hasOwn(SOURCES, kind) ? SOURCES[kind] : undefined;
  if (read !== undefined) return read(argument, member, context);
  if (!(await isThere(member))) throw new OptionError(`--outcomes: ${member}: no such file; ${kinds}`);
  return readLabels(member, `labels:${member}`, context);
}

/** Chains around the one that was asked for, from the one by which least must be done to the one by which most must be. */
export function chainsAround({
  name,
  sources,
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
  if (sources === 0) return bounds;
  if (labels.length === 0) {
    return [bounds[0], { model: "as asked for", definition: name, create }, bounds[1]];
  }
  return [
    bounds[0],
    {
      model: "labelled, unsure ones neutral",
      definition: "labels marked unsure say neutral instead",
      create: () => create((it) => withUnsure(it, "neutral")),
    },
    { model: "labelled", definition: name, create },
    {
      model: "labelled, unsure ones propagating",
      definition: "labels marked unsure say propagating instead",
      create: () => create((it) => withUnsure(it, "propagating")),
    },
    bounds[1],
  ];
}

function withUnsure(labels: Labels, outcome: OutcomeWord): Labels {
  return { ...labels, labels: labels.labels.map((label): Label => (label.sure ? label : { ...label, outcome })) };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
