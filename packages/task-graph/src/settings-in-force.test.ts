import { describe, expect, it } from "vitest";
import type { BuildSettings } from "./build-settings.ts";
import { assumedSettings } from "./oe-core.ts";
import { settingsAt } from "./settings-in-force.ts";

const A: BuildSettings = { excludedSysroots: ["a->b"], outhashExtra: "none" };
const B: BuildSettings = { excludedSysroots: [], outhashExtra: "oe-core" };

describe("the settings in force at a step", () => {
  const steps = [{}, { settings: A }, {}, { settings: B }, {}];

  it.each([
    [1, A],
    [2, A],
    [3, B],
    [4, B],
  ])("%i are those of the last step up to it that tells some", (step, settings) => {
    expect(settingsAt(steps, step)).toEqual({ settings, assumed: false });
  });

  it("are OE-Core's, and assumed, where no step up to it tells any", () => {
    expect(settingsAt(steps, 0)).toEqual({ settings: assumedSettings, assumed: true });
    expect(settingsAt([{}, {}], 1)).toEqual({ settings: assumedSettings, assumed: true });
  });
});
