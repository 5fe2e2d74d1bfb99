import type { Tid } from "@depid/hash";
import type { TaskKey } from "../truth/content.ts";
import type { LabelSource, UnmatchedChange } from "./labels.ts";
import {
  isOutputSource,
  type KnowledgeSource,
  type Outcome,
  type OutcomeBound,
  type OutputSource,
  type OwnChange,
} from "./outcome-model.ts";

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

/** A change that nothing sure decided: no label matched it, and no recorded output told. */
export interface UndecidedChange extends UnmatchedChange {
  /** Name of what decided it. */
  readonly by: string;
}

/**
 * Sources of outcomes, the surest first: the first that knows decides. The last is a bound, which always does. Counts what each
 * decided, so that a report can say so; one chain serves one replay.
 */
export class OutcomeChain {
  readonly sources: readonly KnowledgeSource[];
  readonly bound: OutcomeBound;
  /** Sources that know outputs, with their places in the chain. */
  readonly outputSources: readonly { readonly source: OutputSource; readonly place: number }[];
  readonly #changes: number[];
  readonly #outputs: number[];
  readonly #above: number[];
  #reverts = 0;
  /** Of the present step: changes that nothing sure decided so far. */
  #pending: { readonly tid: Tid; readonly place: number; readonly change: UndecidedChange }[] = [];
  readonly #undecided: UndecidedChange[] = [];
  readonly #provedEqual = new Set<TaskKey>();

  constructor(sources: readonly KnowledgeSource[], bound: OutcomeBound) {
    this.sources = sources;
    this.bound = bound;
    this.outputSources = sources.flatMap((source, place) => (isOutputSource(source) ? [{ source, place }] : []));
    this.#changes = [...sources, bound].map(() => 0);
    this.#outputs = sources.map(() => 0);
    this.#above = sources.map(() => 0);
  }

  /** Sources that are labels, in their order. */
  get labelSources(): readonly LabelSource[] {
    return this.sources.filter(isLabelSource);
  }

  /** In the order of the chain, the bound last; before them, if there were any, changes back to own inputs that were there before. */
  get shares(): readonly SourceShare[] {
    const reverts = this.#reverts === 0 ? [] : [{ name: REVERTED, changes: this.#reverts }];
    const shares = [...this.sources, this.bound].map((source, place) => ({
      name: source.name,
      changes: this.#changes[place] ?? 0,
      ...(isOutputSource(source) ? { above: this.#above[place] ?? 0, outputs: this.#outputs[place] ?? 0 } : {}),
    }));
    return [...reverts, ...shares];
  }

  /** Changes so far that neither a label nor a recorded output decided; none if the chain has neither. In the order asked. */
  get undecided(): readonly UndecidedChange[] {
    return this.#undecided;
  }

  /** Tasks whose recorded output was equal under two taskhashes: it does not name the task's hash, whatever a list says. */
  get provedEqual(): ReadonlySet<TaskKey> {
    return this.#provedEqual;
  }

  /**
   * The first source that knows what a change does.
   *
   * @param tells whether the source of outputs at this place knows the task's output, and another one to compare it with
   * @param isRevert whether the task's own inputs are as they were before some step: then they do what they did then, unless a label says otherwise
   * @returns with an outcome, or with none where the output itself decides; `undefined` if what the inputs did before decides
   */
  decide(
    change: OwnChange,
    tells: (place: number) => boolean,
    isRevert = false,
  ): { readonly outcome: Outcome | undefined; readonly place: number } | undefined {
    const found = this.#find(change, tells, isRevert);
    if (found === undefined) {
      this.#reverts += 1;
      return undefined;
    }
    const source = this.sources[found.place];
    this.#changes[found.place] = (this.#changes[found.place] ?? 0) + 1;
    const isSure = source !== undefined && (isOutputSource(source) || isLabelSource(source));
    if (!isSure && this.sources.some((it) => isOutputSource(it) || isLabelSource(it))) {
      const { step, after } = change;
      const by = (source ?? this.bound).name;
      const undecided = { step: step.step, pn: after.pn, task: after.task, by };
      this.#pending.push({ tid: after.tid, place: found.place, change: undecided });
    }
    return found;
  }

  /** A source of outputs told the output of a task that had changed, itself or below. */
  countOutput(place: number): void {
    this.#outputs[place] = (this.#outputs[place] ?? 0) + 1;
  }

  /**
   * All changes of a step were asked for, and its outputs are found.
   *
   * @param toldAbove place of the source that told all the outputs which a task goes into; `undefined` if one of them was not told
   */
  endStep(toldAbove: (tid: Tid) => number | undefined): void {
    for (const { tid, place, change } of this.#pending) {
      const teller = toldAbove(tid);
      if (teller === undefined || teller > place) this.#undecided.push(change);
      else {
        this.#changes[place] = (this.#changes[place] ?? 0) - 1;
        this.#changes[teller] = (this.#changes[teller] ?? 0) + 1;
        this.#above[teller] = (this.#above[teller] ?? 0) + 1;
      }
    }
    this.#pending = [];
  }

  noteProvedEqual(key: TaskKey): void {
    this.#provedEqual.add(key);
  }

  #find(change: OwnChange, tells: (place: number) => boolean, isRevert: boolean) {
    for (let place = 0; place < this.sources.length; place++) {
      const source = this.sources[place] as KnowledgeSource;
      if (isRevert && !isLabelSource(source)) continue;
      if (isOutputSource(source)) {
        if (tells(place)) return { outcome: undefined, place };
        continue;
      }
      const outcome = source.outcomeOf(change);
      if (outcome !== undefined) return { outcome, place };
    }
    return isRevert ? undefined : { outcome: this.bound.outcomeOf(change), place: this.sources.length };
  }
}

/** Name of the share of changes that are none of a source's. */
const REVERTED = "own inputs as they were before";

function isLabelSource(source: KnowledgeSource): source is LabelSource {
  return "labels" in source;
}
