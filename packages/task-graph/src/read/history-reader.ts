import type { History, HistoryStep } from "../history.ts";
import type { Task } from "../task.ts";
import { HistoryLines, historyTaskRow, stepRowOf } from "./history-lines.ts";
import { taskOfRow, tidField } from "./task-row.ts";
import { VariableTable } from "./variable-table.ts";

const stepRow = stepRowOf(historyTaskRow, tidField);

/** Reads the lines of a history one by one, so that a large one need not be in memory as text. */
export class HistoryReader {
  readonly #lines: HistoryLines;
  readonly #variables = new VariableTable();
  readonly #steps: HistoryStep[] = [];

  /** @param source what the lines come from, for messages */
  constructor(source: string) {
    this.#lines = new HistoryLines(source);
  }

  /** @throws {HistoryError} naming source, line and field */
  push(content: string): void {
    const row = this.#lines.read(stepRow, content);
    if (row === undefined) return;
    const { upsert: rows, variables = [], remove, settings, expect, ...step } = row;
    this.#variables.add(variables);
    const upsert = rows.map(({ variables: positions, ...task }, i): Task => {
      const missing = (at: number) => this.#lines.error(describeMissing(i, at));
      return taskOfRow(task, positions && this.#variables.get(positions, missing));
    });
    const { changed, ...expected } = expect;
    this.#steps.push({
      ...step,
      ...(settings === undefined ? {} : { settings }),
      change: { upsert, remove },
      expect: { ...expected, ...(changed === undefined ? {} : { changed }) },
    });
  }

  /** Whether the changes fit each other is found out when they are applied. @throws {HistoryError} when there is no step */
  end(): History {
    return { header: this.#lines.end(), steps: this.#steps };
  }
}

/** That a row points at a variable that is not there. */
export function describeMissing(row: number, variable: number): string {
  return `upsert[${row}].variables: variable ${variable} is neither of this step nor of one before`;
}

/**
 * Reads the lines of a history.
 *
 * @param source what the lines came from, for messages
 * @throws {HistoryError} naming source, line and field
 */
export function parseHistory(lines: Iterable<string>, source: string): History {
  const reader = new HistoryReader(source);
  for (const line of lines) reader.push(line);
  return reader.end();
}
