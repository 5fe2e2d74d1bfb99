import type { BuildSettings } from "./build-settings.ts";
import type { HistoryStep } from "./history.ts";
import { assumedSettings } from "./oe-core.ts";

/** Settings, and whether anybody recorded them. */
export interface SettingsInForce {
  readonly settings: BuildSettings;
  /** They are OE-Core's, since the history tells none up to that step. Its hard dependencies are unknown then too. */
  readonly assumed: boolean;
}

/**
 * The settings in force at a step: those of the step, or of the last one before it that tells some.
 *
 * @param step by its place in the history, counted from 0
 */
export function settingsAt(steps: readonly Pick<HistoryStep, "settings">[], step: number): SettingsInForce {
  const settings = steps.slice(0, step + 1).findLast((it) => it.settings !== undefined)?.settings;
  return { settings: settings ?? assumedSettings, assumed: settings === undefined };
}
