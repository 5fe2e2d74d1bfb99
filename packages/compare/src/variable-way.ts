import type { CapturedTask } from "@depid/task-graph";
import { isClockName } from "./clock.ts";

/**
 * The shortest way by which a variable gets into the basehash of a task: the task's own text, which names a variable, which names another,
 * to the one that is asked for (`gendeps` of signature files). Of ways of one length the first, by the order of names.
 *
 * @returns both ends among them; `undefined` if none leads there, or variables are not recorded
 */
export function variableWay({ task, variables }: CapturedTask, name: string): readonly string[] | undefined {
  if (variables === undefined) return undefined;
  const deps = new Map(variables.map((it) => [it.name, it.deps]));
  const from = new Map<string, string | undefined>([[task, undefined]]);
  for (const [at] of from) {
    if (at === name) break;
    for (const next of deps.get(at) ?? []) if (!from.has(next) && deps.has(next)) from.set(next, at);
  }
  if (!from.has(name)) return undefined;
  const way = [name];
  for (let at = from.get(name); at !== undefined; at = from.get(at)) way.push(at);
  return way.reverse();
}

/** Where a variable is kept out of hashes: `vardepsexclude` of one that names it. */
export interface Exclusion {
  /** Variable, function or task to set the flag on. */
  readonly on: string;
  /** What the flag names. */
  readonly variable: string;
}

/**
 * Where `vardepsexclude` belongs that keeps the time of the build out of a hash: on what names the first variable on the way that holds it.
 *
 * @param way to the variable whose text is another one in each build
 * @returns `undefined` if nothing names it: the task's own text changed
 */
export function findExclusion(way: readonly string[]): Exclusion | undefined {
  const first = way.findIndex((name, at) => at > 0 && isClockName(name));
  const at = first < 0 ? way.length - 1 : first;
  const [on, variable] = [way[at - 1], way[at]];
  return on === undefined || variable === undefined ? undefined : { on, variable };
}

/** As it is written in a recipe or a configuration. */
export function formatExclusion({ on, variable }: Exclusion): string {
  return `${on}[vardepsexclude] += "${variable}"`;
}
