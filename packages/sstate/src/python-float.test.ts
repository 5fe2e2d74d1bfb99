import { describe, expect, it } from "vitest";
import { OutHashSettingsError } from "./errors.ts";
import { parsePythonFloat } from "./python-float.ts";

describe("SOURCE_DATE_EPOCH is read as Python reads a float", () => {
  it.each([
    ["1302044400", 1302044400],
    [" 1_3e8 ", 1.3e9],
    ["1302044400.5", 1302044400.5],
    ["\t+5.\n", 5],
    [".5E-1_0", 0.5e-10],
    ["-0_0.2_5", -0.25],
    ["\u20297\x85", 7],
    ["inf", Number.POSITIVE_INFINITY],
    ["-Infinity", Number.NEGATIVE_INFINITY],
    ["+NaN", Number.NaN],
  ])("%j is %d", (text, number) => {
    expect(parsePythonFloat("SOURCE_DATE_EPOCH", text)).toBe(number);
  });
  it.each([
    "",
    " ",
    "1__0",
    "_1",
    "1_",
    "1_.5",
    "1._5",
    "1e",
    "e5",
    "0x10",
    "1 0",
    "infin",
    "1,5",
    "\x1f1",
    "\ufeff1",
    ".",
  ])("%j is none", (text) => {
    expect(() => parsePythonFloat("SOURCE_DATE_EPOCH", text)).toThrow(OutHashSettingsError);
  });
});
