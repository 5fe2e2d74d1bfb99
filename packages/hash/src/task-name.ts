import { configPrefix, splitTid, type Tid } from "./tid.ts";

/** What the names of all tasks begin with. */
export const TASK_PREFIX = "do_";

/** What names a task in one build whatever the version of its recipe. */
export interface TaskNameParts {
  /** Name of the multiconfig; "" or absent: the default configuration, or any. */
  readonly config?: string;
  readonly pn: string;
  /** With `do_`. */
  readonly task: string;
}

const NAME = /^(?:mc:([^:]*):)?(.+):([^:]+)$/s;

/**
 * The name of a task by its recipe, `[mc:NAME:]PN:TASK`: as signature files call what they depend on, and locks, buildhistory and
 * buildstats call tasks, the latter without the configuration.
 */
export function formatTaskName({ config = "", pn, task }: TaskNameParts): string {
  return `${configPrefix(config)}${pn}:${task}`;
}

/** Takes a name apart; the inverse of `formatTaskName`. @returns `undefined` if it is none */
export function splitTaskName(name: string): Required<TaskNameParts> | undefined {
  const [, config = "", pn, task = ""] = NAME.exec(name) ?? [];
  return pn === undefined ? undefined : { config, pn, task };
}

/** Whether a text is such a name as signature files have, where names of recipes have no ":". */
export function isTaskName(text: string): boolean {
  return /^(?:mc:[^:]*:)?[^:]+:[^:/]+$/.test(text);
}

/** The recipe of a name, `[mc:NAME:]PN`. */
export function recipeOfName(name: string): string {
  return name.slice(0, name.lastIndexOf(":"));
}

/** The task of a name, with `do_`. */
export function taskOfName(name: string): string {
  return name.slice(name.lastIndexOf(":") + 1);
}

/** The name of a task that is known by its tid. */
export function taskName({ tid, pn, task }: { readonly tid: Tid; readonly pn: string; readonly task: string }): string {
  return formatTaskName({ config: splitTid(tid).config, pn, task });
}
