import { byCodePoint } from "@depid/hash";
import { z } from "zod";
import { CAPTURE_FORMAT, type Capture, type CapturedTask, type CaptureHeader } from "../capture.ts";
import { CaptureError } from "../errors.ts";
import { parseJsonLine } from "./json-line.ts";
import { settingsField } from "./settings-field.ts";
import { depidField, TASK_FIELDS, taskhashField, taskOfRow } from "./task-row.ts";
import { VariableTable, variableField } from "./variable-table.ts";

const text = z.string();
const headerRow = z
  .object({
    format: z.literal(CAPTURE_FORMAT),
    unknown: z.array(text),
    assumed: z.array(text),
    settings: settingsField.optional(),
  })
  .catchall(text);
const taskRow = z.strictObject({
  ...TASK_FIELDS,
  taskhash: taskhashField,
  depid: depidField,
  hashed_depids: z.array(depidField),
  variables: z.array(z.int().min(0)).optional(),
  locked: z.literal(true).optional(),
});
const lineRow = z.strictObject({
  variable: variableField.optional(),
  task: taskRow.optional(),
  end: z.strictObject({ tasks: z.int(), variables: z.int() }).optional(),
});

/** Reads the lines of a capture one by one, so that a large one need not be in memory as text. */
export class CaptureReader {
  readonly #source: string;
  #line = 0;
  #header: CaptureHeader | undefined;
  #ended = false;
  readonly #variables = new VariableTable();
  readonly #tasks = new Map<string, CapturedTask>();

  /** @param source what the lines come from, for messages */
  constructor(source: string) {
    this.#source = source;
  }

  /** @throws {CaptureError} naming source, line and field */
  push(content: string): void {
    this.#line += 1;
    if (this.#header === undefined) {
      const { format: _, unknown, assumed, settings, ...origin } = this.#parse(headerRow, content);
      this.#header = {
        origin: origin as Record<string, string>,
        unknown,
        assumed,
        ...(settings === undefined ? {} : { settings }),
      };
      return;
    }
    if (this.#ended) throw this.#error("expected nothing behind the line `end`");
    const { variable, task, end } = this.#parse(lineRow, content);
    if (variable !== undefined) this.#variables.add([variable]);
    else if (task !== undefined) this.#addTask(task);
    else if (end === undefined) throw this.#error("expected one of the keys variable, task, end");
    else {
      this.#ended = true;
      if (end.tasks !== this.#tasks.size)
        throw this.#error(`end.tasks: ${end.tasks}, but there are ${this.#tasks.size}`);
    }
  }

  /** @throws {CaptureError} when the capture is not whole */
  end(): Capture {
    if (this.#header === undefined) {
      throw new CaptureError(
        this.#source,
        0,
        `expected a first line with "format": "${CAPTURE_FORMAT}", found nothing`,
      );
    }
    if (!this.#ended) throw this.#error("the line `end` is missing (truncated?)");
    const tasks = [...this.#tasks.values()].sort((a, b) => byCodePoint(a.tid, b.tid));
    return { header: this.#header, tasks };
  }

  #addTask(row: z.output<typeof taskRow>): void {
    const { tid, hashdeps, hashed_depids: hashedDepids } = row;
    if (this.#tasks.has(tid)) throw this.#error(`task.tid: ${tid} is there twice`);
    if (hashedDepids.length !== hashdeps.length) {
      throw this.#error(
        `task.hashed_depids: expected ${hashdeps.length}, one for each of hashdeps, found ${hashedDepids.length}`,
      );
    }
    const missing = (at: number) => this.#error(`task.variables: variable ${at} has no line above`);
    const variables = row.variables && this.#variables.get(row.variables, missing);
    const hashes = { taskhash: row.taskhash, depid: row.depid, hashedDepids };
    this.#tasks.set(tid, { ...taskOfRow(row), ...hashes, variables, ...(row.locked && { locked: row.locked }) });
  }

  #parse<T>(row: z.ZodType<T>, content: string): T {
    return parseJsonLine(row, content, this.#source, this.#line, CaptureError);
  }

  #error(problem: string): CaptureError {
    return new CaptureError(this.#source, this.#line, problem);
  }
}

/** Reads the lines of a capture. @throws {CaptureError} naming source, line and field */
export function parseCapture(lines: Iterable<string>, source: string): Capture {
  const reader = new CaptureReader(source);
  for (const line of lines) reader.push(line);
  return reader.end();
}
