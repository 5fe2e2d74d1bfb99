import { describeSstateStore } from "@depid/sstate/testing";
import { describe, expect, it } from "vitest";
import { cacheWithout, ObjectCache } from "./object-cache.ts";
import { ObjectNumbers } from "./object-numbers.ts";

const TEXT = { format: (text: string) => text, parse: (text: string) => text };
const create = (numbers = new ObjectNumbers()) => new ObjectCache(numbers, TEXT);

describeSstateStore("the sstate cache of a policy", () => create().asStore());
describeSstateStore("a cache over an empty one", () => create().over().asStore());

describe("a cache over another", () => {
  it("begins with what is there, and leaves it as it is", async () => {
    const numbers = new ObjectNumbers();
    const base = create(numbers);
    base.put(numbers.of("old"), "1");
    const over = base.over();
    const objects = [
      { name: "old", content: "2" },
      { name: "new", content: "3" },
      { name: "new", content: "4" },
    ];
    const added: number[] = [];
    expect(await over.asStore((number) => added.push(number)).put(objects)).toEqual(["kept", "new", "kept"]);
    const [old, fresh] = [numbers.of("old"), numbers.of("new")];
    expect([over.get(old), over.get(fresh), added]).toEqual(["1", "3", [fresh]]);
    expect(await base.asStore().list()).toEqual(["old"]);
  });
  it("says what is kept under a number", () => {
    const cache = create();
    expect([cache.put(7, "1"), cache.put(7, "2"), cache.get(7), cache.get(6)]).toEqual(["1", "1", "1", undefined]);
  });
  it("can be seen as it was before something was put in", () => {
    const cache = create();
    cache.put(0, "1");
    cache.put(1, "2");
    const before = cacheWithout(cache, new Set([1]));
    expect([before.get(0), before.get(1)]).toEqual(["1", undefined]);
  });
});
