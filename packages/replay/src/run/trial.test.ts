import { createMemoryStore } from "@depid/sstate";
import { describeSstateStore } from "@depid/sstate/testing";
import { describe, expect, it } from "vitest";
import { overlayStore } from "./trial.ts";

describeSstateStore("a store over an empty one", () => overlayStore(createMemoryStore()));
describe("a trial begins with what is there, and leaves it as it is", () => {
  it("in the store", async () => {
    const base = createMemoryStore([{ name: "old", content: "1" }]);
    const trial = overlayStore(base);
    const objects = [
      { name: "old", content: "2" },
      { name: "new", content: "3" },
      { name: "new", content: "4" },
    ];
    expect(await trial.put(objects)).toEqual(["kept", "new", "kept"]);
    expect((await trial.find(["old", "new"])).map((it) => it?.content)).toEqual(["1", "3"]);
    expect(await base.list()).toEqual(["old"]);
  });
});
