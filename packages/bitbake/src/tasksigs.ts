import { configOf, formatTaskName, HASH_PATTERN } from "@depid/hash";
import { BitbakeFileError, excerptOf } from "./file-error.ts";

/** What a build changed in the taskhashes. One row of the table `tasksigs`: all rows up to a build are its state. */
export interface TasksigRow {
  /** Counted from 0, the oldest first. */
  readonly build: number;
  /** Commit of the buildhistory repository. */
  readonly commit: string;
  readonly change: "new" | "changed" | "gone";
  /** `[mc:NAME:]PN:TASK`. */
  readonly name: string;
  /** As far as BUILDHISTORY_PATH_PREFIX_STRIP left it, with `mc:` and `virtual:` prefixes. */
  readonly recipeFile: string;
  /** Of a task that is gone, the last it had. */
  readonly taskhash: string;
}

/** A commit of a buildhistory repository that has other taskhashes than the one before. */
export interface TasksigBuild {
  readonly commit: string;
  /** ISO 8601. */
  readonly date: string;
  /** First line of the message: BitBake's has the build name and the machine. */
  readonly title: string;
  readonly tasks: number;
  readonly new: number;
  readonly changed: number;
  readonly gone: number;
}

/** A line of `task/tasksigs.txt`. */
export interface Tasksig {
  readonly name: string;
  readonly recipeFile: string;
  readonly taskhash: string;
}

const LINE = new RegExp(`^([^:\\s]+):([^:\\s]+) (\\S.*) (${HASH_PATTERN})$`);

/**
 * Reads the lines of buildhistory's `task/tasksigs.txt`: `PN:TASK RECIPE-FILE TASKHASH`.
 *
 * @param onTwice is told of names that come again; the first counts
 * @throws {BitbakeFileError} naming source and line
 */
export function parseTasksigs(
  lines: Iterable<string>,
  source: string,
  onTwice: (name: string) => void,
): ReadonlyMap<string, Tasksig> {
  const tasks = new Map<string, Tasksig>();
  let line = 0;
  for (const content of lines) {
    line += 1;
    const [, pn, task = "", recipeFile = "", taskhash = ""] = LINE.exec(content) ?? [];
    if (pn === undefined)
      throw new BitbakeFileError(source, line, `expected PN:TASK RECIPE-FILE TASKHASH, found ${excerptOf(content)}`);
    const name = formatTaskName({ config: configOf(recipeFile), pn, task });
    if (tasks.has(name)) onTwice(name);
    else tasks.set(name, { name, recipeFile, taskhash });
  }
  return tasks;
}

/** What leads from the taskhashes of one build to those of the next; gone tasks come last. */
export function* diffTasksigs(
  before: ReadonlyMap<string, Tasksig>,
  after: ReadonlyMap<string, Tasksig>,
): Generator<Omit<TasksigRow, "build" | "commit">> {
  for (const task of after.values()) {
    const old = before.get(task.name);
    if (old === undefined) yield { change: "new", ...task };
    else if (old.taskhash !== task.taskhash) yield { change: "changed", ...task };
  }
  for (const task of before.values()) if (!after.has(task.name)) yield { change: "gone", ...task };
}
