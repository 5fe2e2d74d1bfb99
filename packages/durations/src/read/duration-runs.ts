import { TASK_PREFIX } from "@depid/hash";
import { z } from "zod";
import type { DurationRecord } from "../durations.ts";
import { DurationsError } from "../errors.ts";

const seconds = z.number().nonnegative();
const runs = z.array(
  z.strictObject({
    recipe: z.string().min(1),
    task: z.string().startsWith(TASK_PREFIX),
    runs: z.array(z.strictObject({ elapsed: seconds, cpu: seconds.nullish(), build: z.string().optional() })),
  }),
);

/** Whether JSON is a list of tasks with runs, by its first entry. */
export function isDurationRuns(data: unknown): boolean {
  const first: unknown = Array.isArray(data) ? data[0] : undefined;
  return typeof first === "object" && first !== null && "runs" in first;
}

/**
 * Narrows a list of tasks with their runs: `[{ recipe, task, runs: [{ elapsed, cpu, build }] }]`.
 *
 * @throws {DurationsError} naming source and field
 */
export function parseDurationRuns(data: unknown, source: string): DurationRecord[] {
  const result = runs.safeParse(data);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new DurationsError(source, 0, `${z.core.toDotPath(issue?.path ?? [])}: ${issue?.message}`);
  }
  return result.data.flatMap(({ recipe, task, runs }) =>
    runs.map(({ elapsed, cpu, build }) => ({
      recipe,
      task,
      elapsed,
      ...(cpu === null || cpu === undefined ? {} : { cpu }),
      ...(build === undefined ? {} : { build: `${source} ${build}` }),
    })),
  );
}
