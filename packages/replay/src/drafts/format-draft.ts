import { parseDocument } from "yaml";
import { LabelsError } from "../errors.ts";
import { LABELS_FORMAT, parseLabels } from "../outcomes/labels.ts";
import type { Draft, DraftedLabel } from "./draft-labels.ts";

/** Who made a draft of what, for its head. */
export interface DraftOrigin {
  /** The history as named. */
  readonly history: string;
  /** The sources in the order in which they were asked. */
  readonly sources: readonly string[];
}

/** Characters of a date without the time. */
const DAY = 10;
/** Digits of a commit that are shown. */
const DIGITS = 10;

/** A label file that was there before. */
export interface GivenLabels {
  readonly text: string;
  /** What it came from, for messages. */
  readonly source: string;
}

/**
 * The text of a label file (`depid-labels/1`) with the labels drafted; below those given, which stay as they are.
 *
 * @throws {LabelsError} when the text given cannot go on: `labels` is not its last key, or not in block style
 */
export function formatDraft(draft: Draft, origin: DraftOrigin, given?: GivenLabels): string {
  const top = given === undefined ? `format: ${LABELS_FORMAT}\notherwise: propagating\n` : "";
  const head = headOf(draft, origin).map((line) => `# ${line}`.trimEnd());
  if (given === undefined) {
    const list = draft.labels.length === 0 ? ["labels: []"] : ["labels:", ...itemsOf(draft, "  ")];
    return [...head, "", `${top}${list.join("\n")}`, ""].join("\n");
  }
  if (draft.labels.length === 0) return given.text;
  const indent = indentOf(given);
  const text = [given.text.trimEnd(), "", ...head.map((it) => indent + it), ...itemsOf(draft, indent), ""].join("\n");
  const before = parseLabels(given.text, given.source).labels.length;
  if (countOf(text, given.source) !== before + draft.labels.length) throw cannotGoOn(given);
  return text;
}

function headOf(draft: Draft, { history, sources }: DraftOrigin): string[] {
  const { labels, changes, labelled, unnamed } = draft;
  const decided = labels.filter((it) => it.source !== undefined).length;
  const lost = unnamed.reduce((sum, it) => sum + it.changes, 0);
  return [
    `Drafted by depid label from ${sources.join(", ")}, for ${clean(history)}: ${labels.length} labels for the ${changes - labelled - lost} changes`,
    `of a task's own inputs that had none. ${labels.length - decided} of them are for what no source knows.`,
    "",
    "Nothing here is known until somebody has read the commit, or a build has shown it. For each label: read the commit, set",
    "`outcome` (neutral, contained, propagating, unique; or `as: COMMIT` in its place), say why in `reason`, and take `sure: false`",
    "away when you are. Labels stand in the order of the steps, and the first that matches a change decides. The comment above",
    "each says how many changes it decides, and how many tasks hash one of them: begin where that is most.",
    ...unnamed.map(
      ({ step, id, changes: n }) =>
        `Without a label: ${n} changes of step ${step}, whose id ${JSON.stringify(id)} names no step alone.`,
    ),
  ];
}

function itemsOf({ steps, labels }: Draft, indent: string): string[] {
  return steps
    .flatMap(({ step, date, commits }) => [
      "",
      `# Step ${step}, ${clean(date.slice(0, DAY))}`,
      ...commits.map(({ id, title }) => `#   ${clean(id.slice(0, DIGITS))} ${clean(title)}`),
      ...labels.filter((it) => it.step === step).flatMap(itemOf),
    ])
    .map((line) => (line === "" ? "" : indent + line.trimEnd()));
}

function itemOf(label: DraftedLabel): string[] {
  const { changes, recipes, reaches, title } = label;
  const which = title === undefined ? ", by any of these commits" : "";
  return [
    `# ${counted(changes, "change")} in ${counted(recipes, "recipe")}, reaching ${counted(reaches, "task")}${which}`,
    `- commit: ${JSON.stringify(label.commit)}`,
    ...fieldsOf(label).map((it) => `  ${it}`),
  ];
}

function fieldsOf({ recipe, task, outcome, sure, reason }: DraftedLabel): string[] {
  return [
    ...(recipe === undefined ? [] : [`recipe: ${quoted(recipe)}`]),
    ...(task === undefined ? [] : [`task: ${quoted(task)}`]),
    `outcome: ${outcome}`,
    ...(sure ? [] : ["sure: false"]),
    `reason: ${quoted(clean(reason))}`,
  ];
}

/** A YAML text in double quotes: that of JSON, but for what JSON leaves as it is and YAML does not print. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (c) => {
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** One line, with nothing that could end a comment. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufeff\ufffe\uffff]+/gu, " ").trim();
}

function indentOf(given: GivenLabels): string {
  const [, indent] =
    /^labels:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*( *)-/m.exec(given.text.replaceAll("\r\n", "\n")) ?? [];
  if (indent === undefined) throw cannotGoOn(given);
  return indent;
}

function countOf(text: string, source: string): number {
  return parseDocument(text).errors.length > 0 ? -1 : parseLabels(text, source).labels.length;
}

function cannotGoOn({ source }: GivenLabels): LabelsError {
  return new LabelsError(
    source,
    0,
    "expected `labels` to be the last key, with a label per `-`, so that drafts can stand below",
  );
}

function counted(value: number, one: string): string {
  return `${String(value).replace(/\B(?=(?:\d{3})+$)/g, ",")} ${one}${value === 1 ? "" : "s"}`;
}
