import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DepidError, isSystemError, outsideReason, SourceError } from "./depid-error.ts";
import { parseDepId } from "./hashes.ts";

class NoteError extends SourceError {
  readonly code = "NOTE";
}

class RuleError extends DepidError {
  readonly code = "RULE";
}

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("expected something to be thrown");
}

const refused = () => readFileSync("/nosuch/file");
const bug = () => (undefined as unknown as string).length;

describe("an error of ours", () => {
  it("has kind, place and expectation, and tells them in one line", () => {
    const error = thrownBy(() => parseDepId("x"));
    expect(error).toMatchObject({
      name: "InvalidHashError",
      code: "INVALID_HASH",
      place: { field: "depid" },
      expectation: { expected: "64 lowercase hexadecimal digits", found: "x" },
      message: 'depid: expected 64 lowercase hexadecimal digits, found "x"',
    });
  });

  it.each([
    [new NoteError("a.txt", 3, "expected a note"), "a.txt:3: expected a note"],
    [new NoteError("a.txt", 0, "expected a note"), "a.txt: expected a note"],
    [new NoteError("a\nb.txt", 0, "expected a note"), "a\\u000ab.txt: expected a note"],
    [new RuleError("too few", { field: "rules[1]" }), "rules[1]: too few"],
    [new RuleError("too few", { source: "a.txt", line: 2, field: "rules[1]" }), "a.txt:2: rules[1]: too few"],
    [new RuleError({ expected: "a rule", found: "x".repeat(100) }), `expected a rule, found "${"x".repeat(76)}...`],
  ])("says where first: %s", (error, message) => {
    expect(error.message).toBe(message);
  });

  it("keeps what caused it", () => {
    const cause = new Error("why");
    expect(new NoteError("a.txt", 1, "no", { cause }).cause).toBe(cause);
  });
});

describe("an error of Node's", () => {
  it("is the system's when a call of the system was refused, and never ours", () => {
    const error = thrownBy(refused);
    expect([isSystemError(error), error instanceof DepidError]).toEqual([true, false]);
    expect(outsideReason(error)).toBe("ENOENT: no such file or directory, open '/nosuch/file'");
  });

  it.each<[string, () => unknown]>([
    ["a TypeError", bug],
    ["a RangeError", () => new Array(-1)],
    ["a TypeError with a code", () => readFileSync(1.5 as unknown as string)],
  ])("is a bug if it is %s, and not told as though what was read were wrong", (_what, act) => {
    const error = thrownBy(act);
    expect(isSystemError(error)).toBe(false);
    expect(thrownBy(() => outsideReason(error))).toBe(error);
  });
});
