import { type BuildSettings, rowOfSettings } from "./build-settings.ts";
import type { CaptureChange } from "./change.ts";
import { rowOfTask } from "./row-of-task.ts";
import { type VariableRow, VariableRows } from "./variable-rows.ts";

/** An ordered series of captures, stored as first capture and changes (`depid-history/1`). */
export interface History {
  readonly header: HistoryHeader;
  readonly steps: readonly HistoryStep[];
}

/** Where a history comes from: free text by name (`tool`, `layer`, `target`, `machine`, `handler` …). */
export type HistoryHeader = Readonly<Record<string, string>>;

export interface HistoryCommit {
  readonly id: string;
  readonly title: string;
}

/** One state of the metadata, as the change from the state before; step 0 is the change from nothing. */
export interface HistoryStep {
  /** Counted from 0. */
  readonly step: number;
  /** Commit of the state. */
  readonly id: string;
  /** Date of that commit, ISO 8601. */
  readonly date: string;
  /** First-parent commits since the step before, oldest first. */
  readonly commits: readonly HistoryCommit[];
  /** Settings from this step on; `undefined`: as before. With none in any step they are unknown, and so are hard dependencies. */
  readonly settings?: BuildSettings;
  readonly change: CaptureChange;
  readonly expect: StepExpectation;
}

/** What the recording says of the state, for checking. */
export interface StepExpectation {
  readonly tasks: number;
  /** SHA-256 over the lines `<tid> <taskhash>\n` of all tasks by code point, depid being the taskhash. */
  readonly taskhashes: string;
  /** How many tasks present before and after have another taskhash; absent at step 0. */
  readonly changed?: number;
}

export const HISTORY_FORMAT = "depid-history/1";

/** The lines of a history, without line ends; the inverse of `parseHistory`. */
export function* formatHistory(history: History): Generator<string> {
  yield JSON.stringify({ format: HISTORY_FORMAT, ...history.header });
  const rows = new VariableRows();
  for (const { change, expect, settings, ...step } of history.steps) {
    const fresh: VariableRow[] = [];
    const upsert = change.upsert.map((task) => ({
      ...rowOfTask(task),
      ...(task.variables && { variables: rows.positionsOf(task.variables, fresh) }),
    }));
    yield JSON.stringify({
      ...step,
      ...(settings === undefined ? {} : { settings: rowOfSettings(settings) }),
      ...(fresh.length === 0 ? {} : { variables: fresh }),
      upsert,
      remove: change.remove,
      expect,
    });
  }
}
