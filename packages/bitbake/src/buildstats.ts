import { describeProblem } from "@depid/task-graph";
import { z } from "zod";
import { BitbakeFileError, excerptOf } from "./file-error.ts";
import { parseTable, type Table } from "./table.ts";

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

/** Both programs write `rusage`; the second has the children in it, the first beside it, if they used anything. */
const jsonUsage = z.object({ ru_utime: z.number().optional(), ru_stime: z.number().optional() });
const jsonTask = z.object({
  start_time: z.number(),
  elapsed_time: z.number().nullable(),
  rusage: jsonUsage.nullish(),
  child_rusage: jsonUsage.nullish(),
  status: z.string().nullish(),
});
const jsonRecipe = z.object({
  name: z.string(),
  epoch: z.union([z.string(), z.number()]).nullable(),
  version: z.string(),
  revision: z.string(),
  tasks: z.record(z.string(), jsonTask),
});
const json = z.union([z.array(jsonRecipe), z.record(z.string(), z.array(jsonRecipe))]);

/**
 * Reads buildstats as JSON: a list of recipes, as `buildstats-diff` and `buildstats-summary` of OE-Core read it, or lists by name of the
 * measurement, as `oe-build-perf-test` writes them.
 *
 * @param onUnended is told of tasks that never ended
 * @throws {BitbakeFileError} naming source and field
 */
export function* parseJsonStats(
  text: string,
  source: string,
  onUnended: (task: string) => void,
): Generator<DurationRow> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new BitbakeFileError(source, 0, `expected JSON, found ${excerptOf(text)}`, { cause });
  }
  const result = json.safeParse(data);
  if (!result.success)
    throw new BitbakeFileError(
      source,
      0,
      `expected a list of recipes with name, epoch, version, revision and tasks: ${firstProblem(data)}`,
    );
  const builds = Array.isArray(result.data) ? { "": result.data } : result.data;
  for (const [build, recipes] of Object.entries(builds)) {
    for (const { name, epoch, version, revision, tasks } of recipes) {
      const full = `${epoch === null ? "" : `${epoch}_`}${version}-${revision}`;
      for (const [task, { start_time: start, elapsed_time: seconds, status: text, ...usage }] of Object.entries(
        tasks,
      )) {
        const status = text === "PASSED" ? "passed" : text === "FAILED" ? "failed" : null;
        if (seconds === null) onUnended(`${name}:${task}`);
        else yield { build, recipe: name, version: full, task, seconds, cpu: cpuOf(usage), start, status };
      }
    }
  }
}

/** A union names no field: its first member does. */
function firstProblem(data: unknown): string {
  const lists = Array.isArray(data) ? z.array(jsonRecipe) : z.record(z.string(), z.array(jsonRecipe));
  return describeProblem(lists.safeParse(data).error);
}

function cpuOf({
  rusage,
  child_rusage: children,
}: Pick<z.output<typeof jsonTask>, "rusage" | "child_rusage">): number | null {
  const times = [rusage?.ru_utime, rusage?.ru_stime, children?.ru_utime, children?.ru_stime];
  const known = times.filter((it) => it !== undefined);
  return known.length === 0
    ? null
    : roundTo(
        MICROSECOND,
        known.reduce((sum, it) => sum + it, 0),
      );
}

/** As the kernel counts the use of a processor. */
const MICROSECOND = 1e6;
/** As both ends of a task are written. */
const HUNDREDTH = 100;

function roundTo(parts: number, seconds: number): number {
  return Math.round(seconds * parts) / parts;
}

const durationRow: z.ZodType<DurationRow> = z.strictObject({
  build: z.string(),
  recipe: z.string(),
  version: z.string(),
  task: z.string(),
  seconds: z.number().nonnegative(),
  cpu: z.number().nonnegative().nullable().default(null),
  start: z.number(),
  status: z.enum(["passed", "failed"]).nullable(),
});

/**
 * Reads a table `durations`, as `depid import buildstats` writes it. Rows of before `cpu` was written have none.
 *
 * @throws {BitbakeFileError} naming source, line and field
 */
export function parseDurationTable(lines: Iterable<string>, source: string): Table<DurationRow> {
  const table = parseTable(lines, source, durationRow);
  if (table.header.table !== "durations")
    throw new BitbakeFileError(source, 1, `table: expected durations, found ${excerptOf(table.header.table)}`);
  return table;
}
