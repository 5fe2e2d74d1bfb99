import type { YamlPath } from "@depid/replay";
import type { DrawnTask } from "./drawn-task.ts";
import type { ScenarioFile } from "./scenario-file.ts";

/** What was read, and where. */
export interface Document {
  readonly data: ScenarioFile;
  /** @throws {ScenarioError} always: `problem` says what was expected at this path */
  readonly fail: (path: YamlPath, problem: string) => never;
}

/** By `PN:TASK`. */
export type Tasks = ReadonlyMap<string, DrawnTask>;

/** The task that is named at a path. @throws {ScenarioError} if there is none */
export function requireTask({ fail }: Document, tasks: Tasks, name: string, path: YamlPath): DrawnTask {
  return tasks.get(name) ?? fail(path, `expected a task of recipes, found ${name}`);
}

/** Of what is one or several. */
export function list<T>(one: T | readonly T[] | undefined): readonly T[] {
  if (one === undefined) return [];
  return Array.isArray(one) ? one : [one as T];
}
