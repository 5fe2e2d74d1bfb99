import { byCodePoint, formatTaskName, recipeOfVariant, type Tid } from "@depid/hash";
import type { History, HistoryStep, TaskGraph } from "@depid/task-graph";
import { createLabelSource, isCommitOfLabel, type Label, type Labels } from "../outcomes/labels.ts";
import { type EvidentOutcome, OUTCOME_WORDS, type OwnChange } from "../outcomes/outcome-model.ts";
import { hasCommit } from "../step-commit.ts";
import { type Evidence, type EvidenceSource, firstEvidence } from "./evidence.ts";
import { coverGroups, type NamedChange } from "./label-patterns.ts";
import { findCommitOf } from "./message-evidence.ts";
import { findOwnChanges } from "./own-changes.ts";

/** A label that somebody has to review, and what it is about. */
export interface DraftedLabel extends Label {
  readonly outcome: EvidentOutcome;
  readonly step: number;
  /** Title of the commit; `undefined`: it may be any of the step's. */
  readonly title: string | undefined;
  /** The source that gave the outcome; `undefined`: none knows, and the outcome is the one that is safe. */
  readonly source: string | undefined;
  /** Changes of a task's own inputs that it decides. */
  readonly changes: number;
  /** Recipes of these. */
  readonly recipes: number;
  /** Tasks of the step that hash one of them, directly or not, themselves included. */
  readonly reaches: number;
}

/** Labels for the changes of a history. */
export interface Draft {
  /** Steps that have labels here. */
  readonly steps: readonly Pick<HistoryStep, "step" | "date" | "commits">[];
  /** In the order of the steps; within one, the first that matches decides. */
  readonly labels: readonly DraftedLabel[];
  /** Changes of tasks' own inputs in the history. */
  readonly changes: number;
  /** Changes that the labels given match. */
  readonly labelled: number;
  /** Of the changes without a label, those of metadata whose variables the history does not have: texts tell nothing of them. */
  readonly withoutTexts: number;
  /** Steps with changes that no label can name, as their id is no commit and names several. */
  readonly unnamed: readonly { readonly step: number; readonly id: string; readonly changes: number }[];
}

/** Details of a reason that are told. */
const DETAILS = 3;
/** Digits of a commit in a label. */
const DIGITS = 10;

/**
 * Drafts labels for all changes of a history that the labels given do not match: one for what a commit did in one way, as far
 * as patterns can say so.
 *
 * @param sources asked in this order
 */
export async function draftLabels(
  history: History,
  sources: readonly EvidenceSource[],
  given?: Labels,
): Promise<Draft> {
  const known = createLabelSource(given ?? { otherwise: "propagating", labels: [] }, "given");
  const labels: DraftedLabel[] = [];
  const steps: HistoryStep[] = [];
  const unnamed: { step: number; id: string; changes: number }[] = [];
  let all = 0;
  let labelled = 0;
  let withoutTexts = 0;
  for await (const { step, changes, graph } of findOwnChanges(history)) {
    const seeds = [...step.change.upsert.map(({ tid }) => tid), ...step.change.remove];
    for (const source of sources) await source.follow?.(graph, seeds, step);
    const left = changes.filter((change) => known.outcomeOf(change) === undefined);
    all += changes.length;
    labelled += changes.length - left.length;
    withoutTexts += left.filter(isWithoutTexts).length;
    if (left.length === 0) continue;
    const commitOf = (id: string) => nameOfCommit(history, step, id) ?? nameOfCommit(history, step, step.id);
    if (commitOf(step.id) === undefined) unnamed.push({ step: step.step, id: step.id, changes: left.length });
    else {
      steps.push(step);
      labels.push(...draftStep(step, left, sources, graph, (id) => commitOf(id) as string));
    }
  }
  return { steps, labels, changes: all, labelled, withoutTexts, unnamed };
}

function isWithoutTexts({ before, after }: OwnChange): boolean {
  return before.basehash !== after.basehash && (before.variables === undefined || after.variables === undefined);
}

/** A change of a task and all that shares its recipe and task name: another configuration's is not told apart by labels. */
interface DraftedChange extends NamedChange {
  readonly tids: Tid[];
  evidence: Evidence;
  source: string | undefined;
  /** Id of the commit that seems to have made it. */
  readonly commit: string | undefined;
}

function draftStep(
  step: HistoryStep,
  changes: readonly OwnChange[],
  sources: readonly EvidenceSource[],
  graph: TaskGraph,
  commitOf: (id: string) => string,
): DraftedLabel[] {
  const groups = groupAlike(judge(step, changes, sources));
  return coverGroups(groups.map((it) => it.members)).map(({ group, pattern, covers }) => {
    const { commit, evidence, source } = groups[group] as Group;
    const tids = covers.flatMap((it) => it.tids);
    return {
      commit: commitOf(commit ?? step.id),
      ...pattern,
      outcome: evidence.outcome,
      reason: reasonOf(evidence, source, covers),
      sure: evidence.sure,
      step: step.step,
      title: commit === undefined ? undefined : step.commits.find(({ id }) => id === commit)?.title,
      source,
      changes: tids.length,
      recipes: new Set(covers.map((it) => it.pn)).size,
      reaches: graph.hashConeOf(tids).length,
    };
  });
}

function judge(step: HistoryStep, changes: readonly OwnChange[], sources: readonly EvidenceSource[]): DraftedChange[] {
  const found = new Map<string, DraftedChange>();
  for (const change of changes) {
    const { pn, task, tid } = change.after;
    const { source, evidence } = firstEvidence(sources, change) ?? { source: undefined, evidence: NOTHING };
    const key = formatTaskName({ pn, task });
    const known = found.get(key);
    if (known === undefined) found.set(key, { pn, task, tids: [tid], evidence, source, commit: undefined });
    else {
      known.tids.push(tid);
      const sure = known.evidence.sure && evidence.sure && known.evidence.outcome === evidence.outcome;
      if (farness(evidence.outcome) > farness(known.evidence.outcome)) Object.assign(known, { evidence, source });
      known.evidence = { ...known.evidence, sure };
    }
  }
  return [...found.values()].map((it) => ({
    ...it,
    commit: it.evidence.commit ?? findCommitOf(step, it.pn)?.id,
  }));
}

const NOTHING: Evidence = { outcome: "propagating", kind: "nothing is known", details: ["nothing"], sure: false };

interface Group {
  readonly commit: string | undefined;
  readonly evidence: Evidence;
  readonly source: string | undefined;
  readonly members: DraftedChange[];
}

/** Changes of one commit, kind and outcome belong together if they share a detail, or are of one recipe with its variants. */
function groupAlike(changes: readonly DraftedChange[]): Group[] {
  const groups: (Group & { readonly marks: Set<string> })[] = [];
  for (const change of changes) {
    const { evidence, source, commit } = change;
    const alike = JSON.stringify([commit, evidence.kind, evidence.outcome, evidence.sure, source]);
    const marks = [recipeOfVariant(change.pn), ...evidence.details].map((it) => `${alike} ${it}`);
    const touched = groups.filter((group) => marks.some((it) => group.marks.has(it)));
    const [first, ...rest] = touched;
    const group = first ?? { commit, evidence, source, members: [], marks: new Set() };
    if (first === undefined) groups.push(group);
    group.members.push(change);
    for (const mark of marks) group.marks.add(mark);
    for (const other of rest) {
      group.members.push(...other.members);
      for (const mark of other.marks) group.marks.add(mark);
      groups.splice(groups.indexOf(other), 1);
    }
  }
  return groups;
}

function reasonOf(evidence: Evidence, source: string | undefined, covers: readonly DraftedChange[]): string {
  if (source === undefined) return "No source knows what this does; read the commit.";
  const counts = new Map<string, number>();
  for (const { evidence: it } of covers) {
    for (const detail of it.details) counts.set(detail, (counts.get(detail) ?? 0) + 1);
  }
  const details = [...counts].sort((a, b) => b[1] - a[1] || byCodePoint(a[0], b[0])).map(([detail]) => detail);
  const more = details.length > DETAILS ? ` and ${details.length - DETAILS} more` : "";
  const told = details.length === 0 ? "" : `: ${details.slice(0, DETAILS).join("; ")}${more}`;
  return `${evidence.sure ? "Proved" : "Guess"} by ${source}, ${evidence.kind}${told}`;
}

/** What names a step's commit in a label and no other step's; `undefined` if nothing does. */
function nameOfCommit({ steps }: History, step: HistoryStep, id: string): string | undefined {
  const isHex = /^[0-9a-f]*$/.test(id);
  const texts = isHex ? [id.slice(0, DIGITS), id.slice(0, 40)] : [id];
  return texts.find((text) => isCommitOfLabel(text) && !steps.some((it) => it !== step && hasCommit(it, text)));
}

function farness(outcome: EvidentOutcome): number {
  return OUTCOME_WORDS.indexOf(outcome);
}
