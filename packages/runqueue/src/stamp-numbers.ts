import type { Task } from "@depid/task-graph";
import type { SharedDirectories, StampFile } from "./builder.ts";
import { numberTexts } from "./number-texts.ts";
import { type NamedStamp, type RowStamps, rowStampsOf } from "./row-stamps.ts";
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
  const rows = tasks.map((task) => rowStampsOf(task, shared));
  const stamps = rows.flatMap(({ real, setscene }) => [real, setscene]);
  const { numbers, first } = numberTexts(stamps.map(({ key }) => key));
  const bases = numberTexts(rows.map(({ baseKey }) => baseKey));
  const uses = new Int32Array(bases.first.length);
  for (const base of bases.numbers) uses[base] = (uses[base] as number) + 1;
  const distinct = first.map((i) => stamps[i] as NamedStamp);
  const realStamp = numbers.filter((_, i) => i % 2 === 0);
  return {
    realStamp,
    setsceneStamp: numbers.filter((_, i) => i % 2 === 1),
    stampFiles: distinct.map(({ file }) => file),
    stampVersions: findVersions(
      first.map((i) => (rows[i >> 1] as RowStamps).familyKey),
      realStamp,
    ),
    stampKeys: distinct.map(({ key }) => key),
    stampNumbers: new Map(distinct.map(({ key }, number) => [key, number] as const)),
    stampBase: bases.numbers,
    sharesStampBase: Uint8Array.from(bases.numbers, (base) => ((uses[base] as number) > 1 ? 1 : 0)),
    manifestKeys: rows.map(({ manifestKey }) => manifestKey),
  };
}
