import type { Task } from "@depid/task-graph";
import { manifestKeyOf, type SharedDirectories, type StampFile, stampFileOf, stampKeyOf } from "./builder.ts";
import { familyKeyOf } from "./stamp-families.ts";

/** The stamps of a row, and the texts by which they are known. */
export interface RowStamps {
  readonly real: NamedStamp;
  readonly setscene: NamedStamp;
  /** Key of the stamp base without extra info. */
  readonly baseKey: string;
  /** Of the stamps of all versions: the same for both variants. */
  readonly familyKey: string;
  readonly manifestKey: string;
}

/** A stamp, and its key in `BuilderState`. */
export interface NamedStamp {
  readonly file: StampFile;
  readonly key: string;
}

/** Of rows whose multiconfigs have directories of their own: they last as long as the row, through all steps of a history and all its replays. */
const known = new WeakMap<Task, RowStamps>();

export function rowStampsOf(task: Task, shared?: SharedDirectories): RowStamps {
  if (shared !== undefined) return nameStamps(task, shared);
  const found = known.get(task) ?? nameStamps(task);
  known.set(task, found);
  return found;
}

function nameStamps(task: Task, shared?: SharedDirectories): RowStamps {
  const real = nameStamp(stampFileOf(task, "real", shared));
  return {
    real,
    setscene: nameStamp(stampFileOf(task, "setscene", shared)),
    baseKey: stampKeyOf({ ...real.file, extra: "" }),
    familyKey: familyKeyOf(real.file),
    manifestKey: manifestKeyOf(task, shared),
  };
}

function nameStamp(file: StampFile): NamedStamp {
  return { file, key: stampKeyOf(file) };
}
