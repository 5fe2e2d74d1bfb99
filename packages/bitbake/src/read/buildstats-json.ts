import { describeProblem } from "@depid/task-graph/read";
import { z } from "zod";
import { type DurationRow, MICROSECOND, roundTo } from "../buildstats.ts";
import { BitbakeFileError, excerptOf } from "../file-error.ts";

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
