import { z } from "zod";
import { type BuildSettings, rowOfSettings, settingsField } from "./build-settings.ts";
import type { CaptureChange } from "./change.ts";
import { HistoryError } from "./errors.ts";
import { parseJsonLine } from "./json-line.ts";
import { rowOfTask, TASK_FIELDS, taskOfRow, tidField } from "./task-row.ts";

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

const text = z.string();
const hex64 = text.regex(/^[0-9a-f]{64}$/, "expected 64 lowercase hexadecimal digits");
const taskRow = z.strictObject(TASK_FIELDS).transform(taskOfRow);

const stepRow = z
  .strictObject({
    step: z.int().min(0),
    id: text,
    date: text,
    commits: z.array(z.strictObject({ id: text, title: text })),
    settings: settingsField.optional(),
    upsert: z.array(taskRow),
    remove: z.array(tidField),
    expect: z.strictObject({ tasks: z.int(), taskhashes: hex64, changed: z.int().optional() }),
  })
  .transform(
    ({ upsert, remove, settings, expect: { changed, ...expect }, ...step }): HistoryStep => ({
      ...step,
      ...(settings === undefined ? {} : { settings }),
      change: { upsert, remove },
      expect: { ...expect, ...(changed === undefined ? {} : { changed }) },
    }),
  );

const headerRow = z.object({ format: z.literal(HISTORY_FORMAT) }).catchall(text);

/**
 * Reads the lines of a history. Whether the changes fit each other is found out when they are applied.
 *
 * @param source what the lines came from, for messages
 * @throws {HistoryError} naming source, line and field
 */
export function parseHistory(lines: Iterable<string>, source: string): History {
  let header: HistoryHeader | undefined;
  const steps: HistoryStep[] = [];
  let line = 0;
  for (const content of lines) {
    line += 1;
    if (header === undefined) {
      const { format: _, ...rest } = parseJsonLine(headerRow, content, source, line, HistoryError);
      header = rest;
      continue;
    }
    const step = parseJsonLine(stepRow, content, source, line, HistoryError);
    if (step.step !== steps.length) {
      throw new HistoryError(source, line, `step: expected ${steps.length}, found ${step.step}`);
    }
    steps.push(step);
  }
  if (header === undefined)
    throw new HistoryError(source, 0, `expected a first line with "format": "${HISTORY_FORMAT}", found nothing`);
  if (steps.length === 0)
    throw new HistoryError(source, 0, "expected at least one step after the first line, found none");
  return { header, steps };
}

/** The lines of a history, without line ends; the inverse of `parseHistory`. */
export function* formatHistory(history: History): Generator<string> {
  yield JSON.stringify({ format: HISTORY_FORMAT, ...history.header });
  for (const { change, expect, settings, ...step } of history.steps) {
    const { upsert, remove } = change;
    yield JSON.stringify({
      ...step,
      ...(settings === undefined ? {} : { settings: rowOfSettings(settings) }),
      upsert: upsert.map(rowOfTask),
      remove,
      expect,
    });
  }
}
