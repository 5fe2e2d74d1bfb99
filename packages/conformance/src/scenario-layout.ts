import { splitTid } from "@depid/hash";
import type { SharedDirectories } from "@depid/runqueue";
import type { Scenario, ScenarioStep } from "./scenario.ts";

/** Version of a recipe that came in later and says nothing of one, in the layer of the recordings. */
const DEFAULT_VERSION = "1.0";

/**
 * The stamp base of each recipe in a step. Where a scenario changes versions it is `<pn>/<version>-r0`, as in OE-Core; elsewhere the
 * recipe name.
 */
export function stampBasesIn(scenario: Scenario, step: ScenarioStep): (pn: string) => string {
  if (!scenario.steps.some(({ changes }) => changes.some((change) => change.do === "version"))) return (pn) => pn;
  const versions = new Map(Object.entries(scenario.recipes).map(([pn, { version }]) => [pn, version] as const));
  for (const { changes } of scenario.steps.slice(0, scenario.steps.indexOf(step) + 1)) {
    for (const change of changes) if (change.do === "version") versions.set(change.recipe, change.value);
  }
  return (pn) => `${pn}/${versions.get(pn) ?? DEFAULT_VERSION}-r0`;
}

/** Whether a stamp base is one of this recipe, of whatever version. */
export function isStampOfRecipe(stamp: string, pn: string): boolean {
  return stamp === pn || stamp.startsWith(`${pn}/`);
}

/**
 * Multiconfigs that share the TMPDIR of the default one. The recording does not say so: it is seen from a configuration that
 * has no stamp in any step, though tasks of it were stamped or found stamped.
 */
export function sharedDirectoriesOf({ steps }: Scenario): SharedDirectories {
  const stamped = new Set<string>();
  const used = new Set<string>();
  for (const { result } of steps) {
    if (Array.isArray(result.stamps)) continue;
    for (const [directory, stamps] of Object.entries(result.stamps)) {
      if (stamps.length > 0) stamped.add(stampsDirectoryOf(directory));
    }
    const { executed, noexec, restored, skipped, start } = result;
    const tids = [...executed, ...noexec, ...restored, ...skipped.existing, ...(start?.stamp_present ?? [])];
    for (const tid of tids) used.add(splitTid(tid).config);
  }
  return new Map(
    [...used]
      .filter((config) => config !== "" && !stamped.has(stampsDirectoryOf(config)))
      .map((config) => [config, ""]),
  );
}

/** Stamps of a configuration lie in a directory named after it, without punctuation; recordings name either. "" for the default one. */
export function stampsDirectoryOf(config: string): string {
  return config === "default" ? "" : config.replace(/^mc:/, "").replace(/[^A-Za-z0-9]/g, "");
}
