import type { Tid } from "@depid/hash";
import type { TaskGraph } from "@depid/task-graph";
import type {
  EvidentOutcome,
  FollowedStep,
  KnownOutput,
  OutcomeSource,
  OutputSource,
  OwnChange,
} from "../outcomes/outcome-model.ts";
import { type TaskKey, taskKeyOf } from "../task-key.ts";

/** What one source has to say of one change, for a person to judge. */
export interface Evidence {
  readonly outcome: EvidentOutcome;
  /** The kind of change in a few words: changes of one commit with the same kind and outcome are reviewed together. */
  readonly kind: string;
  /** What it is inferred from, a few words each: what changed, words of a message. */
  readonly details: readonly string[];
  /** Whether it is proved: a guess never is. */
  readonly sure: boolean;
  /** Id of the commit that it is about, if the source knows which of the step's it is. */
  readonly commit?: string;
}

/** A source of outcomes that gives its reasons. */
export interface EvidenceSource {
  readonly name: string;
  /** @returns `undefined` if this source does not know: the next one is asked */
  evidenceOf(change: OwnChange): Evidence | undefined;
  /** A step was applied to the graph, the first one included. @param seeds tasks whose rows changed, removed ones included */
  follow?(graph: TaskGraph, seeds: readonly Tid[], step: FollowedStep): Promise<void>;
}

/** The source as a member of a chain of outcomes. */
export function outcomesOf({ name, evidenceOf }: EvidenceSource): OutcomeSource {
  return { name, outcomeOf: (change) => evidenceOf(change)?.outcome };
}

/** Takes the first evidence there is, the surest source first. */
export function firstEvidence(
  sources: readonly EvidenceSource[],
  change: OwnChange,
): { readonly source: string; readonly evidence: Evidence } | undefined {
  for (const { name, evidenceOf } of sources) {
    const evidence = evidenceOf(change);
    if (evidence !== undefined) return { source: name, evidence };
  }
  return undefined;
}

/**
 * What outputs prove: a task that had the same output before and after the change of its own inputs was not changed by it. Another
 * output proves nothing of the change, as a dependency may have made it.
 */
export function evidenceOfOutputs(source: OutputSource): EvidenceSource {
  let before: ReadonlyMap<TaskKey, KnownOutput> = new Map();
  let after: ReadonlyMap<TaskKey, KnownOutput> = new Map();
  return {
    name: source.name,
    async follow(graph, seeds, step) {
      await source.follow(graph, seeds, step);
      before = after;
      after = new Map(
        graph.tasks.flatMap((task) => {
          const output = source.outputOf(task.tid);
          return output === undefined ? [] : [[taskKeyOf(task), output] as const];
        }),
      );
    },
    evidenceOf(change) {
      const old = before.get(taskKeyOf(change.before));
      const young = after.get(taskKeyOf(change.after));
      if (old === undefined || young === undefined || old.output !== young.output) return undefined;
      return { outcome: "neutral", kind: "the same output", details: [`recorded as ${young.output}`], sure: true };
    },
  };
}
