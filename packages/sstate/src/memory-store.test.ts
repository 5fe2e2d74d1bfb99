import { expect, it } from "vitest";
import { createMemoryStore } from "./index.ts";
import { describeSstateStore } from "./testing/index.ts";

describeSstateStore("createMemoryStore", () => createMemoryStore());

it("a store may be filled when it is made", async () => {
  const store = createMemoryStore([{ name: "a", content: "1" }]);
  expect(await store.find(["a"])).toEqual([{ name: "a", content: "1" }]);
});
