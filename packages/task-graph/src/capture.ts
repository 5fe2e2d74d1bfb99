import { byCodePoint, type DepId, sha256Hex, type TaskHash } from "@depid/hash";
import { z } from "zod";
import { type BuildSettings, rowOfSettings, settingsField } from "./build-settings.ts";
import { CaptureError } from "./errors.ts";
import { parseJsonLine } from "./json-line.ts";
import type { Task } from "./task.ts";
import { depidField, rowOfTask, TASK_FIELDS, taskhashField, taskOfRow } from "./task-row.ts";
import type { Variable } from "./variable.ts";

/** The whole task graph of one build with all hash inputs (`depid-capture/1`). */
export interface Capture {
  readonly header: CaptureHeader;
  /** By code point of the tid. Dependencies may be missing where the capture was made of some files only. */
  readonly tasks: readonly CapturedTask[];
}

export interface CaptureHeader {
  /** Where the capture comes from: free text by name (`tool`, `source`, `target`, `machine`, `handler` …). */
  readonly origin: Readonly<Record<string, string>>;
  /** What could not be known, a sentence each. */
  readonly unknown: readonly string[];
  /** What was assumed in its place, a sentence each. */
  readonly assumed: readonly string[];
  /** `undefined`: unknown, and so are hard dependencies. */
  readonly settings?: BuildSettings;
}

/** A task with the hashes that BitBake gave it, and what they were computed from. */
export interface CapturedTask extends Task {
  readonly taskhash: TaskHash;
  readonly depid: DepId;
  /** Of `hashdeps`, in their order, as they entered the taskhash: not always the depids that those tasks have in the end. */
  readonly hashedDepids: readonly DepId[];
  /** What the basehash was computed from, by code point of the name; `undefined` if unknown. */
  readonly variables: readonly Variable[] | undefined;
  /** Whether the depid is one that SIGGEN_LOCKEDSIGS lists; absent also where the capture does not tell. */
  readonly locked?: true;
}

export const CAPTURE_FORMAT = "depid-capture/1";

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
  variable: z.tuple([text, text.nullable(), z.array(text)]).optional(),
  task: taskRow.optional(),
  end: z.strictObject({ tasks: z.int(), variables: z.int() }).optional(),
});

/** Reads the lines of a capture one by one, so that a large one need not be in memory as text. */
export class CaptureReader {
  readonly #source: string;
  #line = 0;
  #header: CaptureHeader | undefined;
  #ended = false;
  readonly #variables: Variable[] = [];
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
    if (variable !== undefined) {
      const [name, value, deps] = variable;
      this.#variables.push({ name, value, deps });
    } else if (task !== undefined) this.#addTask(task);
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
    const variables = row.variables?.map((at) => {
      const variable = this.#variables[at];
      if (variable === undefined) throw this.#error(`task.variables: variable ${at} has no line above`);
      return variable;
    });
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

/** Makes the lines of a capture, without line ends, one task after another: only what variables there are is remembered. */
export class CaptureFormatter {
  readonly #positions = new Map<string, number>();
  /** The same by object: tasks that share a variable mostly share the object. */
  readonly #known = new Map<Variable, number>();
  #tasks = 0;

  header({ origin, unknown, assumed, settings }: CaptureHeader): string {
    const known = settings === undefined ? {} : { settings: rowOfSettings(settings) };
    return JSON.stringify({ format: CAPTURE_FORMAT, ...origin, unknown, assumed, ...known });
  }

  *task({ taskhash, depid, hashedDepids, variables, ...task }: CapturedTask): Generator<string> {
    const positions: number[] = [];
    for (const variable of variables ?? []) {
      let position = this.#known.get(variable);
      if (position === undefined) {
        const { name, value, deps } = variable;
        const line = JSON.stringify({ variable: [name, value, deps] });
        const key = sha256Hex(line);
        position = this.#positions.get(key);
        if (position === undefined) {
          position = this.#positions.size;
          this.#positions.set(key, position);
          yield line;
        }
        this.#known.set(variable, position);
      }
      positions.push(position);
    }
    this.#tasks += 1;
    const hashes = { taskhash, depid, hashed_depids: hashedDepids };
    yield JSON.stringify({ task: { ...rowOfTask(task), ...hashes, ...(variables && { variables: positions }) } });
  }

  end(): string {
    return JSON.stringify({ end: { tasks: this.#tasks, variables: this.#positions.size } });
  }
}

/** The lines of a capture, without line ends; the inverse of `parseCapture`. */
export function* formatCapture({ header, tasks }: Capture): Generator<string> {
  const formatter = new CaptureFormatter();
  yield formatter.header(header);
  for (const task of tasks) yield* formatter.task(task);
  yield formatter.end();
}
