import type { StampFile } from "./builder.ts";

/** Stamps by recipe and task, whatever the version, with their keys in the builder. */
export type StampIndex = ReadonlyMap<string, readonly { readonly key: string; readonly file: StampFile }[]>;

/**
 * What STAMPCLEAN of OE-Core says of a stamp base, with the version left out: `<MULTIMACH_TARGET_SYS>/<PN>/*`; for sources that
 * recipes share, `work-shared/<name>-<PV>-*`. A base without a folder has no version in it.
 */
export function stampFamilyOf(stamp: string): string {
  const folder = stamp.lastIndexOf("/");
  if (folder < 0) return stamp;
  const isSharedSource = stamp.startsWith("work-shared/") && folder === "work-shared/".length - 1;
  return isSharedSource ? stamp.slice(0, stamp.lastIndexOf("-") + 1) : stamp.slice(0, folder + 1);
}

/**
 * For each task of which the plan has stamps of several versions, or with several extra infos, their numbers.
 *
 * @param familyKeys by number of the stamp
 */
export function findVersions(
  familyKeys: readonly string[],
  realStamp: Int32Array,
): ReadonlyMap<number, readonly number[]> {
  const families = new Map<string, number[]>();
  familyKeys.forEach((key, number) => {
    const family = families.get(key);
    if (family === undefined) families.set(key, [number]);
    else family.push(number);
  });
  const found = new Map<number, readonly number[]>();
  realStamp.forEach((number, task) => {
    const family = families.get(familyKeys[number] as string) ?? [];
    if (family.length > 2) found.set(task, family);
  });
  return found;
}

/** Of stamps of one recipe's task in a configuration, whatever the version. */
export function familyKeyOf({ config, stamp, task }: StampFile): string {
  return `${config}\t${stampFamilyOf(stamp)}\t${task}`;
}
