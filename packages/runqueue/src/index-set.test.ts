import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IndexSet } from "./index-set.ts";

describe("IndexSet", () => {
  it("finds the next member as a search through all would", () => {
    const limit = 2 ** 15 + 40;
    const operation = fc.tuple(fc.constantFrom("add", "delete"), fc.nat({ max: limit - 1 }));
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), fc.nat({ max: limit }), (operations, from) => {
        const set = new IndexSet(limit);
        const model = new Set<number>();
        for (const [what, index] of operations) {
          set[what as "add" | "delete"](index);
          model[what as "add" | "delete"](index);
        }
        const members = [...model].sort((a, b) => a - b);
        expect(set.size).toBe(model.size);
        expect(set.next(from)).toBe(members.find((member) => member >= from) ?? -1);
        for (let at = set.next(0), i = 0; at >= 0; at = set.next(at + 1), i++) expect(at).toBe(members[i]);
      }),
    );
  });
  it.each([0, 1, 32, 33, 1024, 1025])("a set of the integers below %i begins empty", (limit) => {
    expect(new IndexSet(limit).next(0)).toBe(-1);
  });
});
