import type { Brand } from "./brand.ts";
import { InvalidTidError } from "./errors.ts";

/** Id of a task in the graph: `[mc:NAME:][virtual:VARIANT:]recipe-file:do_task` (runqueue.md section 1). */
export type Tid = Brand<string, "Tid">;

/** The parts of a tid. */
export interface TidParts {
  /** Name of the multiconfig; "" for the default configuration. */
  readonly config: string;
  /** Recipe file with its `virtual:VARIANT:` prefix, without the configuration. */
  readonly recipeFile: string;
  /** Name of the task, with `do_`. */
  readonly task: string;
}

const TID = /^(?:mc:([^:]*):)?(.+):([^:/]+)$/s;

/** Narrows text that came from outside. @throws {InvalidTidError} */
export function parseTid(text: unknown): Tid {
  if (typeof text !== "string" || !TID.test(text)) throw new InvalidTidError(text);
  return text as Tid;
}

/** Takes a tid apart; the inverse of `formatTid`. */
export function splitTid(tid: Tid): TidParts {
  const match = TID.exec(tid);
  if (match === null) throw new InvalidTidError(tid);
  return { config: match[1] ?? "", recipeFile: match[2] ?? "", task: match[3] ?? "" };
}

/** The tid with these parts. @throws {InvalidTidError} when a part is empty or the task contains ":" or "/" */
export function formatTid(parts: TidParts): Tid {
  return parseTid(`${configPrefix(parts.config)}${parts.recipeFile}:${parts.task}`);
}

const CONFIG = /^mc:([^:]*):/;

/** Whether a text says which multiconfig it is of, as tids, names of tasks and recipe files may: `mc:NAME:…`. */
export function hasConfig(text: string): boolean {
  return text.startsWith("mc:");
}

/** The name of the multiconfig that a text says it is of; "" if it says none. */
export function configOf(text: string): string {
  return CONFIG.exec(text)?.[1] ?? "";
}

/** What tids and names of tasks of a multiconfig begin with: `mc:NAME:`; "" for the default configuration. */
export function configPrefix(config: string): string {
  return config === "" ? "" : `mc:${config}:`;
}
