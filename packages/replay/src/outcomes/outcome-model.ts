import type { TaskHash, Tid } from "@depid/hash";
import type { HistoryStep, Task, TaskGraph } from "@depid/task-graph";

/**
 * What a change of a task's own inputs does (design, section 3): nothing to any output (`neutral`), something to outputs of the
 * recipe itself but to no dependent's (`contained`), or something that reaches the outputs of dependents (`propagating`). `unique`:
 * it reaches them, and the task's output names the task's own hash, so that no two taskhashes have equal output.
 */
export type Outcome = OutcomeWord | SameAs | Reach;

export type OutcomeWord = (typeof OUTCOME_WORDS)[number];

/** In the order in which more is changed. */
export const OUTCOME_WORDS = ["neutral", "contained", "propagating", "unique"] as const;

/** What can be evident of a change; that an output names its own hash, or is that of an earlier commit, a person has to say. */
export type EvidentOutcome = Exclude<OutcomeWord, "unique">;

/** The task's own inputs do what they did at an earlier step: a revert, or a neutral change over one. */
export interface SameAs {
  /** Beginning of a commit id of that step. */
  readonly as: string;
}

/** What a word alone cannot say of a change: who does not see it. Others see what the word says. */
export interface Reach {
  readonly does: "contained" | "propagating";
  /** The output hash does not see it: the output is another one, its outhash is not. */
  readonly unseen?: true;
  /** Names of recipes that use the output and do not see the change, as theirs comes out as before. */
  readonly spares?: readonly string[];
}

/** The change of one task's own inputs: metadata, files, taint or list of dependencies. New tasks are no changes. */
export interface OwnChange {
  readonly step: Pick<HistoryStep, "step" | "id" | "commits">;
  readonly before: Task;
  readonly after: Task;
}

/** The word for an outcome in a table: that of a reach; `as` where the content is that of an earlier commit. */
export function wordOfOutcome(outcome: Outcome): OutcomeWord | "as" {
  if (typeof outcome === "string") return outcome;
  return "as" in outcome ? "as" : outcome.does;
}

/** Says what changes do to outputs, so that outputs are known without building. */
export interface OutcomeSource {
  readonly name: string;
  /** @returns `undefined` if this source does not know: the next one is asked */
  outcomeOf(change: OwnChange): Outcome | undefined;
}

/** Says which output a task had, whatever changed: what was recorded when it was built. */
export interface OutputSource {
  readonly name: string;
  /** What is assumed of what was recorded, and what it does not hold: sentences for a report. */
  readonly notes: readonly string[];
  /** A step was applied to the graph. @param seeds tasks whose rows changed, removed ones included */
  follow(graph: TaskGraph, seeds: readonly Tid[], step: FollowedStep): Promise<void>;
  /** The output of the task in the step that was followed last; `undefined` if it is not known. */
  outputOf(tid: Tid): KnownOutput | undefined;
}

/** What a source of outputs hears of a step. */
export type FollowedStep = Pick<HistoryStep, "step" | "id" | "commits" | "settings">;

/** An output as its outhash tells it. */
export interface KnownOutput {
  /** The same for equal outhashes, and for several outhashes of one taskhash. Compared within one source only. */
  readonly output: string;
  /** What the outhash holds beside the output (`HASHEQUIV_EXTRA_SIGDATA`): with another one, another outhash is no other output. */
  readonly extra: string;
  /** The taskhash under which it came out; "" if that is not known. */
  readonly taskhash: TaskHash | "";
}

/** A member of a chain of outcomes. */
export type KnowledgeSource = OutcomeSource | OutputSource;

export function isOutputSource(source: KnowledgeSource): source is OutputSource {
  return "outputOf" in source;
}

/** What decides if no source knows. */
export interface OutcomeBound extends OutcomeSource {
  outcomeOf(change: OwnChange): OutcomeWord;
}

/** Each change of a task's own inputs changes its output and propagates. */
export const pessimistic: OutcomeBound = { name: "pessimistic", outcomeOf: () => "propagating" };

/** No change changes any output. */
export const neutral: OutcomeBound = { name: "neutral", outcomeOf: () => "neutral" };
