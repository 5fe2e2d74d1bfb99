import type { StampVariant } from "@depid/sstate";
import { formatStampFile, type StampFile } from "./builder.ts";
import { familyKeyOf, type StampIndex } from "./stamp-families.ts";
import { matchesMask, type StampMask } from "./stamp-mask.ts";
import type { BuildState } from "./state/state.ts";

/**
 * Removes the stamps of all versions of a task's recipe for that task (runqueue.md section 5).
 *
 * @param variant only those of this variant; default: both
 */
export function removeAllVersions(state: BuildState, task: number, variant?: StampVariant): void {
  const { made, unplanned } = state.stamps;
  const versions = state.stamps.numbers.stampVersions.get(task) ?? ownStamps(state, task);
  if (unplanned === 0 && versions.every((number) => made[number] === undefined)) return;
  const mask = maskOf(state, task, variant);
  for (const number of versions) {
    if (matchesMask(mask, state.stamps.numbers.stampFiles[number] as StampFile)) made[number] = undefined;
  }
  for (const { key, file } of findUnplanned(state, task)) {
    if (matchesMask(mask, file)) state.stamps.removed.add(key);
  }
}

/** Removes those of other versions only. @returns their names */
export function removeOtherVersions(state: BuildState, task: number): readonly string[] {
  const mask = maskOf(state, task, undefined);
  const own = ownStamps(state, task);
  const names: string[] = [];
  for (const number of state.stamps.numbers.stampVersions.get(task) ?? []) {
    const file = state.stamps.numbers.stampFiles[number] as StampFile;
    if (own.includes(number) || !matchesMask(mask, file)) continue;
    names.push(...(state.stamps.made[number] ?? []).map(({ hash }) => formatStampFile(file, hash)));
    state.stamps.made[number] = undefined;
  }
  for (const { key, file } of findUnplanned(state, task)) {
    if (!matchesMask(mask, file) || state.stamps.removed.has(key)) continue;
    names.push(...(state.builder.stamps.get(key)?.made ?? []).map(({ hash }) => formatStampFile(file, hash)));
    state.stamps.removed.add(key);
  }
  return names;
}

function maskOf({ plan, stamps }: BuildState, task: number, variant: StampVariant | undefined): StampMask {
  const { extra } = stamps.numbers.stampFiles[stamps.numbers.realStamp[task] as number] as StampFile;
  return { variant, extra, versions: plan.release.stampCleanMask };
}

function ownStamps({ stamps: { numbers } }: BuildState, task: number): readonly number[] {
  return [numbers.realStamp[task] as number, numbers.setsceneStamp[task] as number];
}

function findUnplanned(state: BuildState, task: number) {
  if (state.stamps.unplanned === 0) return [];
  state.stamps.otherVersions ??= indexUnplanned(state);
  return (
    state.stamps.otherVersions.get(
      familyKeyOf(state.stamps.numbers.stampFiles[state.stamps.numbers.realStamp[task] as number] as StampFile),
    ) ?? []
  );
}

/** Stamps in the builder that are not the plan's, by family. */
function indexUnplanned({ builder, stamps }: BuildState): StampIndex {
  const index = new Map<string, { readonly key: string; readonly file: StampFile }[]>();
  for (const [key, file] of builder.stamps) {
    if (stamps.numbers.stampNumbers.has(key)) continue;
    const family = familyKeyOf(file);
    const known = index.get(family);
    if (known === undefined) index.set(family, [{ key, file }]);
    else known.push({ key, file });
  }
  return index;
}
