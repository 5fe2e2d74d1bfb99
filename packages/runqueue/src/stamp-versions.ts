import type { StampVariant } from "@depid/sstate";
import type { StampFile } from "./builder.ts";
import type { BuildState } from "./state.ts";

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
 * Removes the stamps of all versions of a task's recipe for that task (runqueue.md section 5).
 *
 * @param variant only those of this variant; default: both
 */
export function removeAllVersions(state: BuildState, task: number, variant?: StampVariant): void {
  const { plan } = state;
  const own = plan.stampFiles[plan.realStamp[task] as number] as StampFile;
  const isMeant = (file: StampFile): boolean =>
    (variant === undefined || file.variant === variant) &&
    // A mask without extra info matches stamps with any.
    (own.extra === "" || file.extra === own.extra) &&
    (plan.release.stampCleanMask === "*" || lastPart(file.stamp).includes("-"));
  for (const number of plan.stampVersions.get(task) ?? [
    plan.realStamp[task] as number,
    plan.setsceneStamp[task] as number,
  ]) {
    if (isMeant(plan.stampFiles[number] as StampFile)) state.stamps[number] = undefined;
  }
  if (state.unplannedStamps === 0) return;
  state.otherVersions ??= indexUnplanned(state);
  for (const { key, file } of state.otherVersions.get(keyOf(own)) ?? []) {
    if (isMeant(file)) state.removedStamps.add(key);
  }
}

/** For each task of which the plan has stamps of several versions, or with several extra infos, their numbers. */
export function findVersions(
  files: readonly StampFile[],
  realStamp: Int32Array,
): ReadonlyMap<number, readonly number[]> {
  const families = new Map<string, number[]>();
  files.forEach((file, number) => {
    const key = keyOf(file);
    const family = families.get(key);
    if (family === undefined) families.set(key, [number]);
    else family.push(number);
  });
  const found = new Map<number, readonly number[]>();
  realStamp.forEach((number, task) => {
    const family = families.get(keyOf(files[number] as StampFile)) ?? [];
    if (family.length > 2) found.set(task, family);
  });
  return found;
}

/** Stamps in the builder that are not the plan's, by family. */
function indexUnplanned({ builder, plan }: BuildState): StampIndex {
  const index = new Map<string, { readonly key: string; readonly file: StampFile }[]>();
  for (const [key, file] of builder.stamps) {
    if (plan.stampNumbers.has(key)) continue;
    const family = keyOf(file);
    const known = index.get(family);
    if (known === undefined) index.set(family, [{ key, file }]);
    else known.push({ key, file });
  }
  return index;
}

function keyOf({ config, stamp, task }: StampFile): string {
  return `${config}\t${stampFamilyOf(stamp)}\t${task}`;
}

function lastPart(stamp: string): string {
  return stamp.slice(stamp.lastIndexOf("/") + 1);
}
