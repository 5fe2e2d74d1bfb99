import { z } from "zod";
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
  /** When it began, in seconds since 1970. */
  readonly start: number;
  readonly status: "passed" | "failed" | null;
}

/** What buildstats.bbclass wrote of one run of a task. */
export interface TaskStats {
  /** Seconds since 1970. */
  readonly start: number;
  readonly seconds: number;
  readonly status: DurationRow["status"];
}

const FIELD = /^(Event|Started|Ended|Elapsed time|Status): *(.*?) *$/;
const SECONDS = /^(\d+(?:\.\d+)?)(?: seconds)?$/;

/**
 * Reads the file of a task in a buildstats directory: `Started:`, `Elapsed time:`, `Status:` and `Ended:`, among others. A task that ran more than
 * once in a build has the fields of each run one after another: the last that ended counts.
 *
 * @returns `undefined` if no run began or ended, as in a build that was killed
 * @throws {BitbakeFileError} naming source and line
 */
export function parseTaskStats(lines: Iterable<string>, source: string): TaskStats | undefined {
  let last: TaskStats | undefined;
  let start: number | undefined;
  let elapsed: number | undefined;
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
    if (field === "Started") [start, elapsed, status] = [seconds, undefined, null];
    else if (field === "Elapsed time") elapsed = seconds;
    else if (start !== undefined) last = { start, seconds: elapsed ?? round(seconds - start), status };
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

const jsonTask = z.object({
  start_time: z.number(),
  elapsed_time: z.number().nullable(),
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
      for (const [task, { start_time: start, elapsed_time: seconds, status: text }] of Object.entries(tasks)) {
        const status = text === "PASSED" ? "passed" : text === "FAILED" ? "failed" : null;
        if (seconds === null) onUnended(`${name}:${task}`);
        else yield { build, recipe: name, version: full, task, seconds, start, status };
      }
    }
  }
}

/** A union names no field: its first member does. */
function firstProblem(data: unknown): string {
  const lists = Array.isArray(data) ? z.array(jsonRecipe) : z.record(z.string(), z.array(jsonRecipe));
  const issue = lists.safeParse(data).error?.issues[0];
  return issue === undefined ? "not as expected" : `${issue.path.map(String).join(".")}: ${issue.message}`;
}

/** Both times have hundredths. */
function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
