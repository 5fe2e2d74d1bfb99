import type { Task } from "@depid/task-graph";
import { type StampFile, stampFileOf, stampKeyOf } from "./builder.ts";
import { numberTexts } from "./number-texts.ts";

/** Numbers for the stamps of tasks: tasks that share stamps share numbers. */
export interface StampNumbers {
  readonly realStamp: Int32Array;
  readonly setsceneStamp: Int32Array;
  /** By number; `stampKeys` as in `BuilderState`. */
  readonly stampFiles: readonly StampFile[];
  readonly stampKeys: readonly string[];
  /** Number of the stamp base without extra info: tasks of one base and hash do not run at the same time. */
  readonly stampBase: Int32Array;
  /** 1 if another task has the same stamp base. */
  readonly sharesStampBase: Uint8Array;
}

export function numberStamps(tasks: readonly Task[]): StampNumbers {
  const files = tasks.flatMap((task) => [stampFileOf(task, "real"), stampFileOf(task, "setscene")]);
  const { numbers, first } = numberTexts(files.map(stampKeyOf));
  const bases = numberTexts(tasks.map((task) => stampKeyOf({ ...stampFileOf(task, "real"), extra: "" })));
  const uses = new Int32Array(bases.first.length);
  for (const base of bases.numbers) uses[base] = (uses[base] as number) + 1;
  return {
    realStamp: numbers.filter((_, i) => i % 2 === 0),
    setsceneStamp: numbers.filter((_, i) => i % 2 === 1),
    stampFiles: first.map((i) => files[i] as StampFile),
    stampKeys: first.map((i) => stampKeyOf(files[i] as StampFile)),
    stampBase: bases.numbers,
    sharesStampBase: Uint8Array.from(bases.numbers, (base) => ((uses[base] as number) > 1 ? 1 : 0)),
  };
}
