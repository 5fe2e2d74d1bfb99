import type { LockedSigs, LockGroup, LockRow } from "@depid/bitbake";
import { readLockedSigs, tableOfLocks } from "@depid/bitbake/fs";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags } from "./table.ts";

export interface LockedSigsFlags extends TableFlags {
  readonly machine?: string;
}

/** The locks of a file as a table. */
export async function importLockedSigs(
  file: string,
  { machine, ...flags }: LockedSigsFlags,
  shutdown: Shutdown,
): Promise<void> {
  await importTable("locked-sigs", readRows(await readLockedSigs(file, machine), file), flags, shutdown);
}

function readRows(locks: LockedSigs, file: string) {
  const recipes = new Set<string>();
  let [signatures, inForce, withoutEffect, undecided, depids] = [0, 0, 0, 0, 0];
  const groups = locks.groups.filter((it) => it.signatures > 0).length;
  return {
    source: tableOfLocks(locks, file),
    nothing: "holds no locked signatures",
    count({ kind, pn, effective }: LockRow) {
      recipes.add(pn);
      if (kind === "depid") depids += 1;
      else {
        signatures += 1;
        if (effective === true) inForce += 1;
        if (effective === false) withoutEffect += 1;
        if (effective === null) undecided += 1;
      }
    },
    counts: () => ({ signatures, inForce, withoutEffect, undecided, groups, recipes: recipes.size, depids }),
    lines: () => linesOf(locks),
    details: () => ({ machine: locks.machine ?? null, lockGroups: locks.groups, unlockedRecipes: locks.unlocked }),
  };
}

/** What decides which locks are in force, for people. */
function linesOf({ rows, groups, machine, unlocked }: LockedSigs): string[] {
  const reasons = new Map<string, number>();
  for (const { kind, group, effective, why } of rows) {
    const isOfGroup = groups.some((it) => it.name === group && it.named === false);
    if (kind === "signature" && effective === false && why !== null && !isOfGroup)
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  const signatures = rows.filter((it) => it.kind === "signature");
  const inForce = signatures.filter((it) => it.effective === true).length;
  const perhaps = signatures.filter((it) => it.effective === null);
  return [
    `${inForce} of ${signatures.length} signatures ${inForce === 1 ? "is" : "are"} in force`,
    ...(machine === undefined ? [] : [`machine: ${machine}`]),
    ...groups.map(describeGroup),
    ...(unlocked.length === 0
      ? []
      : [`SIGGEN_UNLOCKED_RECIPES: ${unlocked.join(" ")}; recipes that hash tasks of these are unlocked too`]),
    ...[...reasons].map(([why, count]) => `without effect: ${count}, as ${why}`),
    ...(perhaps.length === 0 ? [] : [`perhaps in force: ${perhaps.length}, as it is not known ${perhaps[0]?.why}`]),
  ];
}

function describeGroup({ name, signatures, named }: LockGroup): string {
  if (signatures === 0 && named)
    return `group ${name}: SIGGEN_LOCKEDSIGS_TYPES names it, and the file has no signature of it`;
  const count = `${signatures} ${signatures === 1 ? "signature" : "signatures"}`;
  if (named === null) return `group ${name}: ${count}, whether in force is not known`;
  return named
    ? `group ${name}: ${count}, in force`
    : `group ${name}: ${count} without effect, as SIGGEN_LOCKEDSIGS_TYPES does not name it`;
}
