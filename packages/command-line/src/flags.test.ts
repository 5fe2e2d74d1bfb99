import { Command, Option } from "commander";
import { describe, expect, it } from "vitest";
import { decimal, list, orAll, type ReadFlag, repeated, seconds, settings, wholeNumber } from "./flags.ts";

/** What a program says of a value, as the user reads it. */
function refusal(read: (text: string, before: never) => unknown, value: string): string {
  let said = "";
  const program = new Command("program").exitOverride().configureOutput({ writeErr: (text) => (said += text) });
  program.addOption(new Option("--flag <value>").argParser(read as ReadFlag<unknown>));
  expect(() => program.parse([`--flag=${value}`], { from: "user" })).toThrow();
  return said.trim();
}

describe("a flag is read as", () => {
  it.each<[string, ReadFlag<unknown>, string, unknown]>([
    ["a whole number", wholeNumber(), "-3", -3],
    ["a whole number from 0", wholeNumber(0), "0", 0],
    ["a decimal", decimal(0, 1), "0.25", 0.25],
    ["seconds", seconds(600), "0.5", 0.5],
    ["a number, or all", orAll(wholeNumber(0), 99), "7", 7],
    ["all", orAll(wholeNumber(0), 99), "all", 99],
    ["a list, without blanks", list, "a, b ,c", ["a", "b", "c"]],
  ])("%s: %o %s", (_what, read, text, value) => {
    expect(read(text)).toEqual(value);
  });

  it("several values, in order", () => {
    const read = repeated(wholeNumber(0));
    expect(read("2", read("1"))).toEqual([1, 2]);
  });

  it("settings, of which the last of a name counts, and whose values may have any sign", () => {
    expect([...settings("A=x=y", settings("B=", settings("A=1", new Map())))]).toEqual([
      ["A", "x=y"],
      ["B", ""],
    ]);
  });
});

describe("a value that is none is refused with the flag and what was expected:", () => {
  it.each<[Parameters<typeof refusal>[0], readonly string[], string]>([
    [wholeNumber(), ["", "x", "1.5", "1e3", "0x10", "9007199254740993"], "expected a whole number"],
    [wholeNumber(1), ["0", "-1", "1.0"], "expected a whole number from 1"],
    [decimal(0, 10), ["11", "-1", "1e0", ".5"], "expected a number from 0 to 10"],
    [seconds(600), ["0", "601", "-1", "soon"], "expected a number of seconds, up to 600"],
    [seconds(), ["0", "Infinity", "x"], "expected a positive number"],
    [settings, ["x", "=x", "a b=c"], "expected NAME=VALUE"],
  ])("%o %j: %s", (read, texts, expected) => {
    for (const text of texts)
      expect(refusal(read, text)).toBe(`error: option '--flag <value>' argument '${text}' is invalid. ${expected}`);
  });
});
