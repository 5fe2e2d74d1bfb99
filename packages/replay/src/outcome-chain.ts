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
  /** Outputs that it knew of tasks which were changed, themselves or below; absent for sources that know no outputs. */
  readonly outputs?: number;
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

  get shares(): readonly SourceShare[] {
    return [...this.sources, this.bound].map((source, place) => ({
      name: source.name,
      changes: this.#changes[place] ?? 0,
      ...(isOutputSource(source) ? { outputs: this.#outputs[place] ?? 0 } : {}),
    }));
  }

  /**
   * The first source that knows what a change does.
   *
   * @returns with an outcome, or with none where an output source knows the output itself
   */
  decide(change: OwnChange): { readonly outcome: Outcome | undefined; readonly place: number } {
    for (let place = 0; place < this.sources.length; place++) {
      const source = this.sources[place] as KnowledgeSource;
      if (isOutputSource(source)) {
        if (source.outputOf(change.after.tid) === undefined) continue;
        this.#count(this.#changes, place);
        return { outcome: undefined, place };
      }
      const outcome = source.outcomeOf(change);
      if (outcome === undefined) continue;
      this.#count(this.#changes, place);
      return { outcome, place };
    }
    const place = this.sources.length;
    this.#count(this.#changes, place);
    return { outcome: this.bound.outcomeOf(change), place };
  }

  /** An output source told the output of a task that had changed, itself or below. */
  countOutput(place: number): void {
    this.#count(this.#outputs, place);
  }

  #count(counts: number[], place: number): void {
    counts[place] = (counts[place] ?? 0) + 1;
  }
}
