import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { OE_CORE_EXCLUDED_SYSROOTS } from "./oe-core.ts";

describe("the settings that are assumed where a build tells none", () => {
  it("exclude the sysroots that OE-Core's layer.conf excludes, in its order", () => {
    const recorded = readFileSync(new URL("../../../fixtures/realbuild/exclude.txt", import.meta.url), "utf8");
    expect(OE_CORE_EXCLUDED_SYSROOTS).toEqual(recorded.trim().split(/\s+/));
  });
});
