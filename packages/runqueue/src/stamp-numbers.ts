import type { Task } from "@depid/task-graph";
import { manifestKeyOf, type SharedDirectories, type StampFile, stampFileOf, stampKeyOf } from "./builder.ts";
import { numberTexts } from "./number-texts.ts";
import { findVersions } from "./stamp-families.ts";

/** Numbers for the stamps of tasks: tasks that share stamps share numbers. */
export interface StampNumbers {
  readonly realStamp: Int32Array;
  readonly setsceneStamp: Int32Array;
  /** By number; `stampKeys` as in `BuilderState`. */
  readonly stampFiles: readonly StampFile[];
  readonly stampKeys: readonly string[];
  /** Their numbers: the inverse of `stampKeys`. */
  readonly stampNumbers: ReadonlyMap<string, number>;
  /** For tasks of whose recipe there are stamps of several versions, or with several extra infos: the numbers of all of them. */
  readonly stampVersions: ReadonlyMap<number, readonly number[]>;
  /** Number of the stamp base without extra info: tasks of one base and hash do not run at the same time. */
  readonly stampBase: Int32Array;
  /** 1 if another task has the same stamp base. */
  readonly sharesStampBase: Uint8Array;
  /** Of tasks, as in `BuilderState`. */
  readonly manifestKeys: readonly string[];
}

export function numberStamps(tasks: readonly Task[], shared?: SharedDirectories): StampNumbers {
  const files = tasks.flatMap((task) => [stampFileOf(task, "real", shared), stampFileOf(task, "setscene", shared)]);
  const { numbers, first } = numberTexts(files.map(stampKeyOf));
  const bases = numberTexts(files.flatMap((file, i) => (i % 2 === 0 ? [stampKeyOf({ ...file, extra: "" })] : [])));
  const uses = new Int32Array(bases.first.length);
  for (const base of bases.numbers) uses[base] = (uses[base] as number) + 1;
  const stampKeys = first.map((i) => stampKeyOf(files[i] as StampFile));
  const realStamp = numbers.filter((_, i) => i % 2 === 0);
  const stampFiles = first.map((i) => files[i] as StampFile);
  return {
    realStamp,
    setsceneStamp: numbers.filter((_, i) => i % 2 === 1),
    stampFiles,
    stampVersions: findVersions(stampFiles, realStamp),
    stampKeys,
    stampNumbers: new Map(stampKeys.map((key, number) => [key, number] as const)),
    stampBase: bases.numbers,
    sharesStampBase: Uint8Array.from(bases.numbers, (base) => ((uses[base] as number) > 1 ? 1 : 0)),
    manifestKeys: tasks.map((task) => manifestKeyOf(task, shared)),
  };
}
