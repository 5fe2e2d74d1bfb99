import type { TaskKey } from "./content.ts";
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
  readonly #changes: number[];
  readonly #outputs: number[];
  readonly #undecided: UndecidedChange[] = [];
  readonly #provedEqual = new Set<TaskKey>();

  constructor(sources: readonly KnowledgeSource[], bound: OutcomeBound) {
    this.sources = sources;
    this.bound = bound;
    this.#changes = [...sources, bound].map(() => 0);
    this.#outputs = sources.map(() => 0);
  }

  /** Sources that know outputs, with their places in the chain. */
  get outputSources(): readonly { readonly source: OutputSource; readonly place: number }[] {
    return this.sources.flatMap((source, place) => (isOutputSource(source) ? [{ source, place }] : []));
  }

  /** Sources that are labels, in their order. */
  get labelSources(): readonly LabelSource[] {
    return this.sources.filter(isLabelSource);
  }

  /** In the order of the chain, the bound last. */
  get shares(): readonly SourceShare[] {
    return [...this.sources, this.bound].map((source, place) => ({
      name: source.name,
      changes: this.#changes[place] ?? 0,
      ...(isOutputSource(source) ? { outputs: this.#outputs[place] ?? 0 } : {}),
    }));
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
   * @returns with an outcome, or with none where the output itself decides
   */
  decide(
    change: OwnChange,
    tells: (place: number) => boolean,
  ): { readonly outcome: Outcome | undefined; readonly place: number } {
    const found = this.#find(change, tells);
    const source = this.sources[found.place];
    this.#changes[found.place] = (this.#changes[found.place] ?? 0) + 1;
    const isSure = source !== undefined && (isOutputSource(source) || isLabelSource(source));
    if (!isSure && this.sources.some((it) => isOutputSource(it) || isLabelSource(it))) {
      const { step, after } = change;
      this.#undecided.push({ step: step.step, pn: after.pn, task: after.task, by: (source ?? this.bound).name });
    }
    return found;
  }

  /** A source of outputs told the output of a task that had changed, itself or below. */
  countOutput(place: number): void {
    this.#outputs[place] = (this.#outputs[place] ?? 0) + 1;
  }

  noteProvedEqual(key: TaskKey): void {
    this.#provedEqual.add(key);
  }

  #find(change: OwnChange, tells: (place: number) => boolean) {
    for (let place = 0; place < this.sources.length; place++) {
      const source = this.sources[place] as KnowledgeSource;
      if (isOutputSource(source)) {
        if (tells(place)) return { outcome: undefined, place };
        continue;
      }
      const outcome = source.outcomeOf(change);
      if (outcome !== undefined) return { outcome, place };
    }
    return { outcome: this.bound.outcomeOf(change), place: this.sources.length };
  }
}

function isLabelSource(source: KnowledgeSource): source is LabelSource {
  return "labels" in source;
}
