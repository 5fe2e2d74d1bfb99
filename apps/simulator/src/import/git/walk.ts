import { HistoryBuilder, type HistoryBuilderOptions, type MetadataState } from "@depid/bitbake";
import { outsideReason } from "@depid/hash";
import type { History } from "@depid/task-graph";
import { readCapture } from "@depid/task-graph/fs";
import type { RunOutcome } from "./bitbake.ts";
import { ImportGitError } from "./errors.ts";
import type { WorkFolder } from "./work.ts";

/** A state that could not be captured. */
export interface FailedState {
  readonly id: string;
  readonly title: string;
  readonly reason: string;
  readonly log: string;
}

/** How far the walk is. */
export interface WalkProgress {
  readonly state: MetadataState;
  /** States that are dealt with, and all. */
  readonly done: number;
  readonly states: number;
  /** Milliseconds that the states to come will take, as those captured in this run did; `undefined` before the first. */
  readonly remaining: number | undefined;
}

export interface WalkOptions {
  readonly work: Pick<WorkFolder, "hasCapture" | "keepCapture" | "checkOut" | "logOf">;
  /** Captures the state that is checked out. */
  readonly run: (id: string, log: string, signal: AbortSignal) => Promise<RunOutcome>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: WalkProgress) => void;
  readonly onFailure: (failed: FailedState) => void;
  /** Milliseconds. */
  readonly clock: () => number;
}

/**
 * Captures each state that has no capture yet, oldest first.
 *
 * @returns the states of which there is no capture
 * @throws the signal's reason; a later walk goes on from there
 */
export async function walkStates(states: readonly MetadataState[], options: WalkOptions): Promise<FailedState[]> {
  const { work, run, signal, clock } = options;
  const failed: FailedState[] = [];
  const missing = states.filter(({ id }) => !work.hasCapture(id));
  let spent = 0;
  for (const [i, state] of missing.entries()) {
    signal.throwIfAborted();
    const remaining = i === 0 ? undefined : (spent / i) * (missing.length - i);
    options.onProgress({ state, done: states.length - missing.length + i, states: states.length, remaining });
    const begun = clock();
    const log = work.logOf(state.id);
    await work.checkOut(state.id);
    const outcome = await run(state.id, log, signal);
    spent += clock() - begun;
    if ("capture" in outcome) await work.keepCapture(state.id, outcome.capture);
    else {
      const failure = { id: state.id, title: titleOf(state), reason: outcome.failure, log };
      failed.push(failure);
      options.onFailure(failure);
    }
  }
  return failed;
}

/** A history, and what became of the states. */
export interface BuiltHistory {
  readonly history: History;
  /** States with a capture. */
  readonly captured: number;
  /** Of these, states that change no input of any task. */
  readonly unchanged: number;
  /** How many tasks the last step has. */
  readonly tasks: number;
  /** What the captures say they could not know, and what was assumed. */
  readonly unknown: readonly string[];
  readonly assumed: readonly string[];
}

/**
 * Makes a history of the captures there are.
 *
 * @param walked for the first line of the history, beside what the captures say of themselves
 * @param options what the history keeps
 * @throws {ImportGitError} when there are fewer than two captures, or one does not fit
 */
export async function buildHistory(
  states: readonly MetadataState[],
  work: Pick<WorkFolder, "hasCapture" | "captureOf">,
  walked: Readonly<Record<"layer" | "target", string>>,
  { variables }: HistoryBuilderOptions,
): Promise<BuiltHistory> {
  const captured = states.filter(({ id }) => work.hasCapture(id)).length;
  if (captured < 2) {
    throw new ImportGitError(`expected captures of at least two states, found ${captured} of ${states.length}`);
  }
  const builder = new HistoryBuilder({ variables });
  const unknown = new Set<string>();
  const assumed = new Set<string>();
  let origin: Readonly<Record<string, string>> = {};
  let unchanged = 0;
  for (const state of states) {
    if (!work.hasCapture(state.id)) {
      builder.skip(state);
      continue;
    }
    const file = work.captureOf(state.id);
    const capture = await readCapture(file);
    try {
      if (!(await builder.add(state, capture))) unchanged += 1;
    } catch (cause) {
      throw new ImportGitError(`${file}: ${outsideReason(cause)}`, { cause });
    }
    origin = capture.header.origin;
    for (const sentence of capture.header.unknown) unknown.add(sentence);
    for (const sentence of capture.header.assumed) assumed.add(sentence);
  }
  for (const sentence of builder.limits.unknown) unknown.add(sentence);
  for (const sentence of builder.limits.assumed) assumed.add(sentence);
  const history = builder.end({ ...walked, ...origin });
  return { history, captured, unchanged, tasks: builder.tasks, unknown: [...unknown], assumed: [...assumed] };
}

/** The title of a state's own commit. */
export function titleOf({ commits }: MetadataState): string {
  return commits.at(-1)?.title ?? "";
}
