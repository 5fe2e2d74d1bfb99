import { byCodePoint } from "@depid/hash";
import type { Label, LabelSource } from "./labels.ts";
import type { OutcomeChain, SourceShare } from "./outcome-chain.ts";
import { isOutputSource } from "./outcome-model.ts";
import type { UniqueTask } from "./unique-outputs.ts";

/** What the outcomes of a replay were made of: who decided, what was not used, what was assumed. */
export interface OutcomeAccount {
  /** In the order of the chain, the bound last. */
  readonly shares: readonly SourceShare[];
  /** What recordings do not hold, and what is assumed of them: sentences. */
  readonly notes: readonly { readonly source: string; readonly note: string }[];
  readonly labels: readonly LabelUse[];
  /** Changes that neither a label nor a recorded output decided, by step, recipe and what decided; none if the chain has neither. */
  readonly undecided: readonly UndecidedGroup[];
  readonly unique: readonly UniqueUse[];
}

/** What the labels of one file decided. */
export interface LabelUse {
  readonly source: string;
  readonly labels: readonly { readonly label: Label; readonly decided: number }[];
}

/** Changes of one step and recipe. */
export interface UndecidedGroup {
  readonly step: number;
  readonly pn: string;
  /** Names of the tasks, with `do_`, each once. */
  readonly tasks: readonly string[];
  readonly changes: number;
  /** Name of what decided them. */
  readonly by: string;
}

/** A task of the list of those whose output names their own hash. */
export interface UniqueUse extends UniqueTask {
  /** Recipes whose recorded output was equal under two taskhashes: from there on theirs did not count as naming its hash. */
  readonly disproved: readonly string[];
}

/** @param chain that a replay has used @param unique the list that the replay was given */
export function accountFor(chain: OutcomeChain, unique: readonly UniqueTask[]): OutcomeAccount {
  return {
    shares: chain.shares,
    notes: chain.sources.flatMap((source) =>
      isOutputSource(source) ? source.notes.map((note) => ({ source: source.name, note })) : [],
    ),
    labels: chain.labelSources.map(useOf),
    undecided: groupsOf(chain),
    unique: unique.map((it) => ({ ...it, disproved: disprovedOf(chain, it.task) })),
  };
}

/** What of an account fails a strict replay: labels that matched nothing, changes that nothing sure decided. */
export function laxityOf({ labels, undecided }: OutcomeAccount): { readonly labels: number; readonly changes: number } {
  return {
    labels: labels.reduce((sum, it) => sum + it.labels.filter(({ decided }) => decided === 0).length, 0),
    changes: undecided.reduce((sum, it) => sum + it.changes, 0),
  };
}

function useOf({ name, labels, decided }: LabelSource): LabelUse {
  return { source: name, labels: labels.labels.map((label, i) => ({ label, decided: decided[i] ?? 0 })) };
}

function groupsOf(chain: OutcomeChain): readonly UndecidedGroup[] {
  const groups = new Map<string, { readonly first: UndecidedGroup; readonly tasks: Set<string>; changes: number }>();
  for (const { step, pn, task, by } of chain.undecided) {
    const key = `${step} ${pn} ${by}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { first: { step, pn, tasks: [], changes: 0, by }, tasks: new Set([task]), changes: 1 });
      continue;
    }
    group.tasks.add(task);
    group.changes += 1;
  }
  return [...groups.values()]
    .map(({ first, tasks, changes }) => ({ ...first, tasks: [...tasks].sort(byCodePoint), changes }))
    .sort((a, b) => a.step - b.step || byCodePoint(a.pn, b.pn));
}

function disprovedOf(chain: OutcomeChain, task: string): readonly string[] {
  const ending = `:${task}`;
  return [...chain.provedEqual]
    .filter((key) => key.endsWith(ending))
    .map((key) => key.slice(0, -ending.length))
    .sort(byCodePoint);
}
