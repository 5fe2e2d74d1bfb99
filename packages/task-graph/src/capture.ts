import type { DepId, TaskHash } from "@depid/hash";
import { type BuildSettings, rowOfSettings } from "./build-settings.ts";
import { rowOfTask } from "./row-of-task.ts";
import type { Task } from "./task.ts";
import type { Variable } from "./variable.ts";
import { type VariableRow, VariableRows } from "./variable-rows.ts";

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

/** Makes the lines of a capture, without line ends, one task after another: only what variables there are is remembered. */
export class CaptureFormatter {
  readonly #rows = new VariableRows();
  #tasks = 0;

  header({ origin, unknown, assumed, settings }: CaptureHeader): string {
    const known = settings === undefined ? {} : { settings: rowOfSettings(settings) };
    return JSON.stringify({ format: CAPTURE_FORMAT, ...origin, unknown, assumed, ...known });
  }

  *task({ taskhash, depid, hashedDepids, variables, ...task }: CapturedTask): Generator<string> {
    const fresh: VariableRow[] = [];
    const positions = this.#rows.positionsOf(variables ?? [], fresh);
    for (const variable of fresh) yield JSON.stringify({ variable });
    this.#tasks += 1;
    const hashes = { taskhash, depid, hashed_depids: hashedDepids };
    yield JSON.stringify({ task: { ...rowOfTask(task), ...hashes, ...(variables && { variables: positions }) } });
  }

  end(): string {
    return JSON.stringify({ end: { tasks: this.#tasks, variables: this.#rows.size } });
  }
}

/** The lines of a capture, without line ends; the inverse of `parseCapture`. */
export function* formatCapture({ header, tasks }: Capture): Generator<string> {
  const formatter = new CaptureFormatter();
  yield formatter.header(header);
  for (const task of tasks) yield* formatter.task(task);
  yield formatter.end();
}
