import type { TaskKey } from "../task-key.ts";

/** What decided the outcomes of a replay. */
export interface OutcomeDecisions {
  /** Of each change of a task's own inputs, in the order decided. */
  readonly changes: readonly Decision[];
  /** By place of a source in the chain: outputs that it told of tasks which were changed, themselves or below. */
  readonly outputs: ReadonlyMap<number, number>;
  /** Tasks whose recorded output was equal under two taskhashes: it does not name the task's hash, whatever a list says. */
  readonly provedEqual: ReadonlySet<TaskKey>;
}

/** What decided one change of a task's own inputs. */
export interface Decision {
  readonly step: number;
  readonly pn: string;
  /** With `do_`. */
  readonly task: string;
  /** In the chain, of the source that decided; the bound's is behind all sources. `undefined`: own inputs were as they were before some step, which no label speaks of. */
  readonly place: number | undefined;
  /** Of a source that is labels: which of them. */
  readonly label?: number;
  /** Whether it was not neutral: the task has another content since. */
  readonly shows: boolean;
  /** Place of a source of outputs that was surer: of the task it had no output to compare, but it told all outputs that the task goes into. */
  readonly above?: number;
}
