import { HASH_EXPECTED, HASH_TEXT } from "@depid/hash";
import { z } from "zod";
import { HistoryError } from "../errors.ts";
import { HISTORY_FORMAT, type HistoryHeader } from "../history.ts";
import { parseJsonLine } from "./json-line.ts";
import { settingsField } from "./settings-field.ts";
import { TASK_FIELDS } from "./task-row.ts";
import { variableField } from "./variable-table.ts";

const text = z.string();
const headerRow = z.object({ format: z.literal(HISTORY_FORMAT) }).catchall(text);

/** The row of a task in a step. */
export const historyTaskRow = z.strictObject({ ...TASK_FIELDS, variables: z.array(z.int().min(0)).optional() });

/** The row of a step; how far its tasks are narrowed is for the reader to say. */
export function stepRowOf<Upsert extends z.ZodType, Remove extends z.ZodType>(upsert: Upsert, remove: Remove) {
  return z.strictObject({
    step: z.int().min(0),
    id: text,
    date: text,
    commits: z.array(z.strictObject({ id: text, title: text })),
    settings: settingsField.optional(),
    variables: z.array(variableField).optional(),
    upsert: z.array(upsert),
    remove: z.array(remove),
    expect: z.strictObject({
      tasks: z.int(),
      taskhashes: text.regex(HASH_TEXT, HASH_EXPECTED),
      changed: z.int().optional(),
    }),
  });
}

/** The lines of a history one by one: the first is its header, each other a step. */
export class HistoryLines {
  readonly source: string;
  #header: HistoryHeader | undefined;
  #line = 0;
  #steps = 0;

  /** @param source what the lines come from, for messages */
  constructor(source: string) {
    this.source = source;
  }

  /** Number of the last line, counted from 1. */
  get line(): number {
    return this.#line;
  }

  /** How many steps there were. */
  get steps(): number {
    return this.#steps;
  }

  /** @returns the step in the line; `undefined` for the header */
  read<Row extends { readonly step: number }>(row: z.ZodType<Row>, content: string): Row | undefined {
    this.#line += 1;
    if (this.#header === undefined) {
      const { format: _, ...rest } = parseJsonLine(headerRow, content, this.source, this.#line, HistoryError);
      this.#header = rest;
      return undefined;
    }
    const step = parseJsonLine(row, content, this.source, this.#line, HistoryError);
    if (step.step !== this.#steps) throw this.error(`step: expected ${this.#steps}, found ${step.step}`);
    this.#steps += 1;
    return step;
  }

  error(problem: string, line = this.#line): HistoryError {
    return new HistoryError(this.source, line, problem);
  }

  /** @throws {HistoryError} when there was no step */
  end(): HistoryHeader {
    if (this.#header === undefined)
      throw this.error(`expected a first line with "format": "${HISTORY_FORMAT}", found nothing`, 0);
    if (this.#steps === 0) throw this.error("expected at least one step after the first line, found none", 0);
    return this.#header;
  }
}
