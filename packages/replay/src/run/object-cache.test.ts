import { describeSstateStore } from "@depid/sstate/testing";
import { describe, expect, it } from "vitest";
import { cacheWithout, ObjectCache } from "./object-cache.ts";

describeSstateStore("the sstate cache of a policy", () => new ObjectCache().asStore());
describeSstateStore("a cache over an empty one", () => new ObjectCache(new ObjectCache()).asStore());

describe("a cache over another", () => {
  it("begins with what is there, and leaves it as it is", async () => {
    const base = new ObjectCache();
    base.put("old", "1");
    const over = new ObjectCache(base);
    const objects = [
      { name: "old", content: "2" },
      { name: "new", content: "3" },
      { name: "new", content: "4" },
    ];
    const added: string[] = [];
    expect(await over.asStore((name) => added.push(name)).put(objects)).toEqual(["kept", "new", "kept"]);
    expect([over.get("old"), over.get("new"), added]).toEqual(["1", "3", ["new"]]);
    expect(await base.asStore().list()).toEqual(["old"]);
  });
  it("says what is kept under a name", () => {
    const cache = new ObjectCache();
    expect([cache.put("a", "1"), cache.put("a", "2"), cache.get("a")]).toEqual(["1", "1", "1"]);
  });
  it("can be seen as it was before something was put in", () => {
    const cache = new ObjectCache();
    cache.put("a", "1");
    cache.put("b", "2");
    const before = cacheWithout(cache, new Set(["b"]));
    expect([before.get("a"), before.get("b")]).toEqual(["1", undefined]);
  });
});
