import { expect, it } from "vitest";
import { Handover } from "./handover.ts";

it("hands over in order, and the giver waits until an item is taken", async () => {
  const handover = new Handover<number>();
  const log: string[] = [];
  const giver = (async () => {
    for (const item of [1, 2, 3]) {
      await handover.give(item);
      log.push(`gave ${item}`);
    }
    handover.end();
  })();
  for await (const item of handover) log.push(`took ${item}`);
  await giver;
  expect(log.filter((it) => it.startsWith("took"))).toEqual(["took 1", "took 2", "took 3"]);
  for (const item of [1, 2, 3]) expect(log).toContain(`gave ${item}`);
  expect(log.indexOf("gave 1")).toBeLessThan(log.indexOf("took 3"));
});

it("gives the taker what went wrong at the giver's", async () => {
  const handover = new Handover<number>();
  const taken: number[] = [];
  const taker = (async () => {
    for await (const item of handover) taken.push(item);
  })();
  await handover.give(1);
  handover.fail(new Error("no more"));
  await expect(taker).rejects.toThrow("no more");
  expect(taken).toEqual([1]);
});

it("lets the giver go on when the taker has stopped", async () => {
  const handover = new Handover<number>();
  const taker = (async () => {
    for await (const _ of handover) break;
  })();
  await handover.give(1);
  await taker;
  await handover.give(2);
  handover.end();
});
