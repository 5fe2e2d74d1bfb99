import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges, encodeChanges } from "./changes.ts";
import { decodeNumbers, encodeNumbers } from "./numbers.ts";

describe("numbers as text", () => {
  it("are read as they were written", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(300), fc.maxSafeNat())), (numbers) => {
        expect(decodeNumbers(encodeNumbers(numbers))).toEqual(numbers);
      }),
    );
  });

  it.each([
    ["is not base64", "§"],
    ["ends within a number", btoa("\x80")],
    ["has a number that is too large", btoa("\xff".repeat(9).concat("\x01"))],
  ])("are none where the text %s", (_what, text) => {
    expect(decodeNumbers(text)).toBeUndefined();
  });
});

describe("changes of a list", () => {
  const value = fc.nat(2);

  it("make the next list of the one before, whatever was added", () => {
    fc.assert(
      fc.property(fc.array(value), fc.array(value, { minLength: 1 }), (before, more) => {
        const after = before.map((_, i) => more[i % more.length] as number).concat(more);
        const list = new Int32Array(after.length);
        list.set(before);
        expect(applyChanges(list, encodeChanges(before, after))).toBe(true);
        expect([...list]).toEqual(after);
      }),
    );
  });

  it("of neighbours that go one way are one run", () => {
    expect(decodeNumbers(encodeChanges([1, 2, 1, 1], [2, 2, 2, 1]))).toEqual([0, 3, 2]);
    expect(encodeChanges([1, 2], [1, 2])).toBe("");
  });

  it.each([
    ["are of a longer list", encodeChanges([], [0, 0, 0, 1])],
    ["have no third number", encodeNumbers([1, 1])],
  ])("are refused where they %s", (_what, text) => {
    expect(applyChanges(new Int32Array(3), text)).toBe(false);
  });
});
