import { HASH_EXPECTED, HASH_TEXT } from "@depid/hash";
import { z } from "zod";
import { HistoryError } from "../errors.ts";
import { HISTORY_FORMAT, type History, type HistoryHeader, type HistoryStep } from "../history.ts";
import type { Task } from "../task.ts";
import { parseJsonLine } from "./json-line.ts";
import { settingsField } from "./settings-field.ts";
import { TASK_FIELDS, taskOfRow, tidField } from "./task-row.ts";
import { VariableTable, variableField } from "./variable-table.ts";

const text = z.string();
const hex64 = text.regex(HASH_TEXT, HASH_EXPECTED);
const taskRow = z.strictObject({ ...TASK_FIELDS, variables: z.array(z.int().min(0)).optional() });

const stepRow = z.strictObject({
  step: z.int().min(0),
  id: text,
  date: text,
  commits: z.array(z.strictObject({ id: text, title: text })),
  settings: settingsField.optional(),
  variables: z.array(variableField).optional(),
  upsert: z.array(taskRow),
  remove: z.array(tidField),
  expect: z.strictObject({ tasks: z.int(), taskhashes: hex64, changed: z.int().optional() }),
});

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
  const table = new VariableTable();
  let line = 0;
  for (const content of lines) {
    line += 1;
    if (header === undefined) {
      const { format: _, ...rest } = parseJsonLine(headerRow, content, source, line, HistoryError);
      header = rest;
      continue;
    }
    const row = parseJsonLine(stepRow, content, source, line, HistoryError);
    if (row.step !== steps.length) {
      throw new HistoryError(source, line, `step: expected ${steps.length}, found ${row.step}`);
    }
    table.add(row.variables ?? []);
    const upsert = row.upsert.map((task, i) =>
      taskOfStep(task, table, (at) => {
        const problem = `variable ${at} is neither of this step nor of one before`;
        return new HistoryError(source, line, `upsert[${i}].variables: ${problem}`);
      }),
    );
    steps.push(stepOfRow(row, upsert));
  }
  if (header === undefined)
    throw new HistoryError(source, 0, `expected a first line with "format": "${HISTORY_FORMAT}", found nothing`);
  if (steps.length === 0)
    throw new HistoryError(source, 0, "expected at least one step after the first line, found none");
  return { header, steps };
}

function taskOfStep(
  { variables, ...row }: z.output<typeof taskRow>,
  table: VariableTable,
  missing: (at: number) => HistoryError,
): Task {
  return taskOfRow(row, variables === undefined ? undefined : table.get(variables, missing));
}

function stepOfRow(row: z.output<typeof stepRow>, upsert: readonly Task[]): HistoryStep {
  const { upsert: _, variables: _v, remove, settings, expect, ...step } = row;
  const { changed, ...expected } = expect;
  return {
    ...step,
    ...(settings === undefined ? {} : { settings }),
    change: { upsert, remove },
    expect: { ...expected, ...(changed === undefined ? {} : { changed }) },
  };
}
