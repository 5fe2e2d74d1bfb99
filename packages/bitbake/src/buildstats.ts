import { BitbakeFileError, excerptOf } from "./file-error.ts";

/** How long a task took in one build. One row of the table `durations`. */
export interface DurationRow {
  /** BUILDNAME, the name of the directory; for JSON, the name of the measurement, or "". */
  readonly build: string;
  /** PN, as far as the name of a directory says it. */
  readonly recipe: string;
  /** `[EPOCH_]PV-PR`. */
  readonly version: string;
  /** With `do_`; a restored task is `do_x_setscene`. */
  readonly task: string;
  /** From begin to end, by the clock. */
  readonly seconds: number;
  /** Of the processors: user and system, of the task and of its children; null if that was not written. */
  readonly cpu: number | null;
  /** When it began, in seconds since 1970. */
  readonly start: number;
  readonly status: "passed" | "failed" | null;
}

/** What buildstats.bbclass wrote of one run of a task. */
export interface TaskStats {
  /** Seconds since 1970. */
  readonly start: number;
  readonly seconds: number;
  readonly cpu: DurationRow["cpu"];
  readonly status: DurationRow["status"];
}

const FIELD = /^(Event|Started|Ended|Elapsed time|Status|(?:Child )?rusage ru_[us]time): *(.*?) *$/;
const SECONDS = /^(\d+(?:\.\d+)?)(?: seconds)?$/;

/**
 * Reads the file of a task in a buildstats directory: `Started:`, `Elapsed time:`, `Status:`, `Ended:` and the CPU times among `rusage` and `Child rusage`.
 * A task that ran more than once in a build has the fields of each run one after another: the last that ended counts.
 *
 * @returns `undefined` if no run began or ended, as in a build that was killed
 * @throws {BitbakeFileError} naming source and line
 */
export function parseTaskStats(lines: Iterable<string>, source: string): TaskStats | undefined {
  let last: TaskStats | undefined;
  let start: number | undefined;
  let elapsed: number | undefined;
  let cpu: number | null = null;
  let status: TaskStats["status"] = null;
  let line = 0;
  for (const content of lines) {
    line += 1;
    const [, field, text = ""] = FIELD.exec(content) ?? [];
    if (field === undefined) continue;
    if (field === "Status") status = text === "PASSED" ? "passed" : text === "FAILED" ? "failed" : null;
    if (field === "Event" || field === "Status") continue;
    const seconds = Number(SECONDS.exec(text)?.[1] ?? Number.NaN);
    if (Number.isNaN(seconds))
      throw new BitbakeFileError(source, line, `${field}: expected seconds, found ${excerptOf(text)}`);
    if (field === "Started") [start, elapsed, cpu, status] = [seconds, undefined, null, null];
    else if (field === "Elapsed time") elapsed = seconds;
    else if (field !== "Ended") cpu = roundTo(MICROSECOND, (cpu ?? 0) + seconds);
    else if (start !== undefined)
      last = { start, seconds: elapsed ?? roundTo(HUNDREDTH, seconds - start), cpu, status };
  }
  return last;
}

/**
 * Takes the name of a recipe's directory apart: `PN-[EPOCH_]PV-PR`. PN ends before the last "-" that a digit follows; if none
 * does, before the last but one.
 *
 * @returns `undefined` if the name has fewer than two "-"
 */
export function findRecipeVersion(folder: string): { readonly recipe: string; readonly version: string } | undefined {
  const [, recipe, version] = /^(.+)-(\d.*-[^-]+)$/.exec(folder) ?? /^(.+)-([^-]+-[^-]+)$/.exec(folder) ?? [];
  return recipe === undefined || version === undefined ? undefined : { recipe, version };
}

/** As the kernel counts the use of a processor. */
export const MICROSECOND = 1e6;
/** As both ends of a task are written. */
const HUNDREDTH = 100;

/** @param parts of a second */
export function roundTo(parts: number, seconds: number): number {
  return Math.round(seconds * parts) / parts;
}
