import type { KnowledgeSource, Labels, OutputSource } from "@depid/replay";
import type { Scenario } from "@depid/scenario";
import type { History, OutHashExtra } from "@depid/task-graph";
import type { Shutdown } from "../shutdown.ts";

/** What reading a member of a chain of outcomes may need. */
export interface OutcomeContext {
  readonly history: History;
  /** Of which it is the history, if it is of any. */
  readonly scenario?: Scenario | undefined;
  /** What its commands made, if they were run. */
  readonly executed?: { asSource(): OutputSource } | undefined;
  readonly shutdown: Shutdown;
  /** Decides what is drawn. Default: 0. */
  readonly seed?: number;
  /** What outhashes hold beside outputs; `undefined`: what the history says. */
  readonly outhashExtra: OutHashExtra | undefined;
}

/** What is done to labels before they are used. */
export type LabelChange = (labels: Labels) => Labels;

/** A member of a chain, read once; a replay takes a new source of it, which has followed no history yet. */
export interface ReadSource {
  /** If it is a file of labels. */
  readonly labels?: { readonly file: string; readonly labels: Labels };
  /** @param draw decides what is drawn; default: the seed of the context */
  create(change: LabelChange, draw?: string): KnowledgeSource;
}

/**
 * Reads one kind of members.
 *
 * @param argument what stands behind the colon; "" if nothing
 * @param name the member as it was written, for reports
 * @throws an error of ours, one line
 */
export type SourceReader = (argument: string, name: string, context: OutcomeContext) => Promise<ReadSource>;
