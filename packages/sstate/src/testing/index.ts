import { describe, expect, it } from "vitest";
import type { SstateStore } from "../sstate-store.ts";

/**
 * The contract of `SstateStore`: every implementation runs it.
 *
 * @param open gives an empty store; called once per test
 */
export function describeSstateStore(name: string, open: () => SstateStore | Promise<SstateStore>): void {
  describe(`${name} as an SstateStore`, () => {
    it("an empty store has nothing", async () => {
      const store = await open();
      expect(await store.has(["a"])).toEqual([false]);
      expect(await store.find(["a"])).toEqual([undefined]);
      expect(await store.list()).toEqual([]);
    });
    it("answers come in the order asked, a name asked twice twice", async () => {
      const store = await open();
      await store.put([{ name: "a", content: "1" }]);
      expect(await store.has(["b", "a", "a"])).toEqual([false, true, true]);
      expect(await store.find(["b", "a"])).toEqual([undefined, { name: "a", content: "1" }]);
    });
    it("an empty batch is answered by an empty one", async () => {
      const store = await open();
      expect(await store.has([])).toEqual([]);
      expect(await store.find([])).toEqual([]);
      expect(await store.put([])).toEqual([]);
    });
    it("an object which exists is kept with its content", async () => {
      const store = await open();
      expect(await store.put([{ name: "a", content: "1" }])).toEqual(["new"]);
      expect(await store.put([{ name: "a", content: "2" }])).toEqual(["kept"]);
      expect(await store.find(["a"])).toEqual([{ name: "a", content: "1" }]);
    });
    it("of two objects of one name in a batch the first is stored", async () => {
      const store = await open();
      const twice = [
        { name: "a", content: "1" },
        { name: "a", content: "2" },
      ];
      expect(await store.put(twice)).toEqual(["new", "kept"]);
      expect(await store.find(["a"])).toEqual([{ name: "a", content: "1" }]);
    });
    it("a removed object is gone and may be stored anew; removing what is not there changes nothing", async () => {
      const store = await open();
      await store.put([{ name: "a", content: "1" }]);
      await store.remove(["a", "b"]);
      expect(await store.has(["a"])).toEqual([false]);
      expect(await store.put([{ name: "a", content: "2" }])).toEqual(["new"]);
      expect(await store.find(["a"])).toEqual([{ name: "a", content: "2" }]);
    });
    it("names are listed by code point", async () => {
      const store = await open();
      await store.put(["\u{1F600}", "b", "\uFF5E", "a"].map((object) => ({ name: object, content: "" })));
      expect(await store.list()).toEqual(["a", "b", "\uFF5E", "\u{1F600}"]);
    });
  });
}
