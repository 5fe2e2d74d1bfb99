import fc from "fast-check";
import { expect, it } from "vitest";
import { Agenda } from "./clock.ts";

it("what is due first comes first; of the same time, what was put in first", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5 })), (times) => {
      const agenda = new Agenda<number>();
      times.forEach((at, i) => {
        agenda.add(at, i);
      });
      const taken = times.map(() => [agenda.nextAt, agenda.take()]);
      const expected = times.map((at, i) => [at, i]).sort(([a = 0], [b = 0]) => a - b);
      expect(taken).toEqual(expected);
      expect(agenda.take()).toBeUndefined();
    }),
  );
});
