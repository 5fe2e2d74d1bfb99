import fc from "fast-check";
import { expect, it } from "vitest";
import { encodeChanges } from "./changes.ts";
import { Track } from "./track.ts";

it("lists that are stored as changes are read in any order", () => {
  const size = 4;
  const list = fc.array(fc.nat(2), { minLength: size, maxLength: size });
  fc.assert(
    fc.property(fc.array(list, { minLength: 1, maxLength: 100 }), fc.array(fc.nat()), (lists, order) => {
      const changes = lists.map((it, at) => encodeChanges(lists[at - 1] ?? [], it));
      const track = new Track(size, changes, () => new Error("wrong"));
      for (const wanted of order) {
        const at = wanted % lists.length;
        expect([...track.at(at)]).toEqual(lists[at]);
      }
    }),
  );
});

it("a list whose changes are not right is told by its place", () => {
  const track = new Track(
    2,
    [encodeChanges([], [1, 1]), encodeChanges([], [0, 0, 1])],
    (at) => new Error(`list ${at}`),
  );
  expect([...track.at(0)]).toEqual([1, 1]);
  expect(() => track.at(1)).toThrow("list 1");
});
