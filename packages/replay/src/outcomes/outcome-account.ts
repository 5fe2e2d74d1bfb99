import { byCodePoint } from "@depid/hash";
import type { Decision, OutcomeDecisions } from "./decisions.ts";
import type { Label, Labels } from "./labels.ts";
import type { OutcomeChain } from "./outcome-chain.ts";
import { isOutputSource } from "./outcome-model.ts";
import type { UniqueTask } from "./unique-outputs.ts";

/** What the outcomes of a replay were made of: who decided, what was not used, what was assumed. */
export interface OutcomeAccount {
  /** In the order of the chain, the bound last; before them, if there were any, changes back to own inputs that were there before. */
  readonly shares: readonly SourceShare[];
  /** What recordings do not hold, and what is assumed of them: sentences. */
  readonly notes: readonly { readonly source: string; readonly note: string }[];
  readonly labels: readonly LabelUse[];
  /** Changes that neither a label nor a recorded output decided, by step, recipe and what decided; none if the chain has neither. */
  readonly undecided: readonly UndecidedGroup[];
  readonly unique: readonly UniqueUse[];
}

/** How much one source of a chain decided. */
export interface SourceShare {
  readonly name: string;
  /** Changes of a task's own inputs that it decided. */
  readonly changes: number;
  /** Those of them that it decided not at the task, of which it has no output to compare, but at all outputs that the task goes into. */
  readonly above?: number;
  /** Outputs that it told of tasks which were changed, themselves or below; absent for sources that know no outputs. */
  readonly outputs?: number;
}

/** What the labels of one file decided. */
export interface LabelUse {
  readonly source: string;
  readonly otherwise: Labels["otherwise"];
  /** Each label with how many changes of a task's own inputs it decided. */
  readonly labels: readonly { readonly label: Label; readonly decided: number }[];
  /** Changes that no label matched, in the order asked. */
  readonly unmatched: readonly UnmatchedChange[];
}

/** A change that no label matched. */
export type UnmatchedChange = Pick<Decision, "step" | "pn" | "task">;

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

/**
 * @param chain that a replay has used
 * @param decisions of that replay
 * @param unique the list that the replay was given
 */
export function accountFor(
  chain: OutcomeChain,
  decisions: OutcomeDecisions,
  unique: readonly UniqueTask[],
): OutcomeAccount {
  return {
    shares: sharesOf(chain, decisions),
    notes: chain.sources.flatMap((source) =>
      isOutputSource(source) ? source.notes.map((note) => ({ source: source.name, note })) : [],
    ),
    labels: useOfLabels(chain, decisions),
    undecided: groupsOf(chain, decisions),
    unique: unique.map((it) => ({ ...it, disproved: disprovedOf(decisions, it.task) })),
  };
}

/** What of an account fails a strict replay: labels that matched nothing, changes that nothing sure decided. */
export function laxityOf({ labels, undecided }: OutcomeAccount): { readonly labels: number; readonly changes: number } {
  return {
    labels: labels.reduce((sum, it) => sum + it.labels.filter(({ decided }) => decided === 0).length, 0),
    changes: undecided.reduce((sum, it) => sum + it.changes, 0),
  };
}

/** How much each source of the chain decided. */
function sharesOf(chain: OutcomeChain, { changes, outputs }: OutcomeDecisions): readonly SourceShare[] {
  const reverts = changes.filter((it) => it.place === undefined).length;
  const shares = [...chain.sources, chain.bound].map((source, place) => ({
    name: source.name,
    changes: changes.filter((it) => (it.above ?? it.place) === place).length,
    ...(isOutputSource(source)
      ? { above: changes.filter((it) => it.above === place).length, outputs: outputs.get(place) ?? 0 }
      : {}),
  }));
  return [...(reverts === 0 ? [] : [{ name: REVERTED, changes: reverts }]), ...shares];
}

/** Name of the share of changes that are none of a source's. */
const REVERTED = "own inputs as they were before";

/** Labels are asked of each change that no source before them decided. */
function useOfLabels(chain: OutcomeChain, { changes }: OutcomeDecisions): readonly LabelUse[] {
  return chain.labelSources.map(({ source: { name, labels }, place }) => {
    const decided = labels.labels.map(() => 0);
    for (const it of changes)
      if (it.place === place && it.label !== undefined) decided[it.label] = (decided[it.label] ?? 0) + 1;
    return {
      source: name,
      otherwise: labels.otherwise,
      labels: labels.labels.map((label, i) => ({ label, decided: decided[i] ?? 0 })),
      unmatched: changes
        .filter((it) => it.place === undefined || it.place > place)
        .map(({ step, pn, task }) => ({ step, pn, task })),
    };
  });
}

function groupsOf(chain: OutcomeChain, { changes }: OutcomeDecisions): readonly UndecidedGroup[] {
  if (!chain.hasSure) return [];
  const groups = new Map<string, { readonly first: UndecidedGroup; readonly tasks: Set<string>; changes: number }>();
  for (const { step, pn, task, place, above } of changes) {
    if (place === undefined || above !== undefined || chain.isSure(place)) continue;
    const by = chain.nameOf(place);
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
    .map(({ first, tasks, changes: count }) => ({ ...first, tasks: [...tasks].sort(byCodePoint), changes: count }))
    .sort((a, b) => a.step - b.step || byCodePoint(a.pn, b.pn));
}

function disprovedOf({ provedEqual }: OutcomeDecisions, task: string): readonly string[] {
  const ending = `:${task}`;
  return [...provedEqual]
    .filter((key) => key.endsWith(ending))
    .map((key) => key.slice(0, -ending.length))
    .sort(byCodePoint);
}
