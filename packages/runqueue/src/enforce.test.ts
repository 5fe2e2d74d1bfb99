import { describe, expect, it } from "vitest";
import { matchesExempt, parseEnforceExcept } from "./enforce.ts";

describe("exemption from BB_SETSCENE_ENFORCE", () => {
  it.each([
    ["a:do_x", "a:do_x", true],
    ["a:do_x", "a:do_xy", false],
    ["a:*", "a:do_x", true],
    ["*:do_x", "lib-1.0+git:do_x", true],
    ["a?:do_x", "ab:do_x", true],
    ["a.b:do_x", "aXb:do_x", false],
    ["[ab]:do_x", "b:do_x", true],
    ["[!ab]:do_x", "b:do_x", false],
    ["[]a]:do_x", "]:do_x", true],
    ["[a:do_x", "[a:do_x", true],
  ])("%s and %s: %s", (pattern, name, matches) => {
    const [pn = "", task = ""] = name.split(":");
    expect(matchesExempt([pattern], pn, task)).toBe(matches);
  });
  it("% stands for each target", () => {
    expect(parseEnforceExcept(" %:do_build  b:* ", ["x", "y"])).toEqual(["x:do_build", "y:do_build", "b:*"]);
    expect(parseEnforceExcept("", ["x"])).toEqual([]);
  });
});
