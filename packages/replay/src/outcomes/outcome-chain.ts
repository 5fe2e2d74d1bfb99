import type { LabelSource } from "./labels.ts";
import {
  isOutputSource,
  type KnowledgeSource,
  type Outcome,
  type OutcomeBound,
  type OutputSource,
  type OwnChange,
} from "./outcome-model.ts";

/** What decides a change of a task's own inputs. */
export interface Decided {
  /** Of the source in the chain; the bound's is behind all sources. */
  readonly place: number;
  /** `undefined` where the output itself decides. */
  readonly outcome: Outcome | undefined;
  /** Of a source that is labels: which of them. */
  readonly label?: number;
}

/**
 * Sources of outcomes, the surest first: the first that knows decides. The last is a bound, which always does. What was decided is part of the result of a
 * replay. Sources of outputs follow the steps of one replay: a chain with any of them cannot be used for a second.
 */
export class OutcomeChain {
  readonly sources: readonly KnowledgeSource[];
  readonly bound: OutcomeBound;
  /** Sources that know outputs, with their places in the chain. */
  readonly outputSources: readonly { readonly source: OutputSource; readonly place: number }[];
  /** Sources that are labels, with their places in the chain. */
  readonly labelSources: readonly { readonly source: LabelSource; readonly place: number }[];

  constructor(sources: readonly KnowledgeSource[], bound: OutcomeBound) {
    this.sources = sources;
    this.bound = bound;
    this.outputSources = sources.flatMap((source, place) => (isOutputSource(source) ? [{ source, place }] : []));
    this.labelSources = sources.flatMap((source, place) => (isLabelSource(source) ? [{ source, place }] : []));
  }

  /**
   * The first source that knows what a change does.
   *
   * @param tells whether the source of outputs at this place knows the task's output, and another one to compare it with
   * @param isRevert whether the task's own inputs are as they were before some step: then they do what they did then, unless a label says otherwise
   * @returns `undefined` if what the inputs did before decides
   */
  decide(change: OwnChange, tells: (place: number) => boolean, isRevert = false): Decided | undefined {
    for (const [place, source] of this.sources.entries()) {
      if (isLabelSource(source)) {
        const label = source.findLabel(change);
        if (label !== undefined) return { place, label, outcome: source.labels.labels[label]?.outcome };
      } else if (isRevert) continue;
      else if (isOutputSource(source)) {
        if (tells(place)) return { place, outcome: undefined };
      } else {
        const outcome = source.outcomeOf(change);
        if (outcome !== undefined) return { place, outcome };
      }
    }
    return isRevert ? undefined : { place: this.sources.length, outcome: this.bound.outcomeOf(change) };
  }

  /** Whether what the source at this place decides is sure: a label, or a recorded output. */
  isSure(place: number): boolean {
    const source = this.sources[place];
    return source !== undefined && (isOutputSource(source) || isLabelSource(source));
  }

  /** Whether any source is. */
  get hasSure(): boolean {
    return this.outputSources.length + this.labelSources.length > 0;
  }

  /** Name of the source at this place. */
  nameOf(place: number): string {
    return (this.sources[place] ?? this.bound).name;
  }
}

function isLabelSource(source: KnowledgeSource): source is LabelSource {
  return "labels" in source;
}
