import { type DepId, parseOutHash, sha256Hex, type TaskHash } from "@depid/hash";
import { createMemoryStore } from "@depid/sstate";
import { describeSstateStore } from "@depid/sstate/testing";
import { describe, expect, it } from "vitest";
import { describeEquivalenceService } from "../testing/index.ts";
import { ServerKnowledge } from "./server-knowledge.ts";
import { overlayServer, overlayStore } from "./trial.ts";

describeSstateStore("a store over an empty one", () => overlayStore(createMemoryStore()));
describeEquivalenceService("a server that begins with nothing known", async () =>
  overlayServer(new ServerKnowledge(), "contract"),
);

const hash = (text: string) => sha256Hex(text) as string;
const report = (task: string, output: string) => ({
  method: "m",
  taskhash: hash(task) as TaskHash,
  outhash: parseOutHash(hash(output)),
  depid: hash(task) as DepId,
});

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

  it("on the server: a depid stays, and the first report of an output decides", async () => {
    const base = new ServerKnowledge();
    base.add(hash("first") as TaskHash, parseOutHash(hash("out")), hash("first") as DepId);
    const trial = overlayServer(base, "m");
    expect(
      await trial.reportAll([report("second", "out"), report("first", "other"), report("third", "other")]),
    ).toEqual([hash("first"), hash("first"), hash("first")]);
    expect(await trial.getDepIds([{ method: "m", taskhash: hash("second") as TaskHash }])).toEqual([hash("first")]);
    expect([base.depIdOf(hash("second") as TaskHash), base.depIdOfOutput(parseOutHash(hash("other")))]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
