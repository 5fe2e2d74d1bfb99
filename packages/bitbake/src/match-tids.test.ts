import { parseTid } from "@depid/hash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecordDraft } from "./build-record.ts";
import { matchNames, matchRecord, matchTids } from "./match-tids.ts";

const tids = (...all: string[]) => all.map(parseTid);
const found = (keys: string[], ...all: string[]) => {
  const { tids: matches, unmatched, ambiguous } = matchTids(keys, tids(...all));
  return { matches: Object.fromEntries(matches), unmatched, ambiguous };
};

describe("the tid of a history that a task of a real build is", () => {
  it.each([
    ["the relative one", "/src/oe/meta/recipes-a/a/a_1.bb:do_x", "meta/recipes-a/a/a_1.bb:do_x"],
    ["in its variant", "virtual:native:/src/meta/a/a_1.bb:do_x", "virtual:native:meta/a/a_1.bb:do_x"],
    ["in its configuration", "mc:arm:virtual:x:y:/src/meta/a/a_1.bb:do_x", "mc:arm:virtual:x:y:meta/a/a_1.bb:do_x"],
    ["in a layer whose folder is called otherwise", "/src/checkout-7/r/a/a_1.bb:do_x", "meta-own/r/a/a_1.bb:do_x"],
    ["itself", "meta/a/a_1.bb:do_x", "meta/a/a_1.bb:do_x"],
  ])("is %s", (_name, key, tid) => {
    expect(found([key], tid)).toEqual({ matches: { [key]: tid }, unmatched: [], ambiguous: [] });
  });

  it.each([
    ["another task", "meta/a/a_1.bb:do_y"],
    ["another version", "meta/a/a_2.bb:do_x"],
    ["another variant", "virtual:native:meta/a/a_1.bb:do_x"],
    ["another configuration", "mc:arm:meta/a/a_1.bb:do_x"],
  ])("is not %s", (_name, tid) => {
    const key = "/src/meta/a/a_1.bb:do_x";
    expect(found([key], tid)).toEqual({ matches: {}, unmatched: [key], ambiguous: [] });
  });

  it("is that which shares most folders; of two that share as many, none", () => {
    const [one, two, key] = ["meta-a/r/a/a.bb:do_x", "meta-b/r/a/a.bb:do_x", "/s/meta-b/r/a/a.bb:do_x"];
    expect(found([key], one, two).matches).toEqual({ [key]: two });
    expect(found(["/s/meta-c/r/a/a.bb:do_x"], one, two).ambiguous).toEqual(["/s/meta-c/r/a/a.bb:do_x"]);
  });

  it("is no task's twice: the one that shares more is it, and neither of two that share as much", () => {
    const tid = "meta-a/r/a/a.bb:do_x";
    const [here, there, elsewhere] = ["/s/meta-a/r/a/a.bb:do_x", "/s/meta-b/r/a/a.bb:do_x", "/s/meta-c/r/a/a.bb:do_x"];
    expect(found([there, here], tid)).toEqual({ matches: { [here]: tid }, unmatched: [there], ambiguous: [] });
    expect(found([there, elsewhere], tid)).toMatchObject({ matches: {}, ambiguous: [there, elsewhere] });
  });

  it("does not depend on the order of either", () => {
    const keys = ["/s/a/r/x.bb:do_x", "/s/b/r/x.bb:do_x", "/s/c/q/x.bb:do_x", "/s/c/y.bb:do_x"];
    const all = ["a/r/x.bb:do_x", "b/r/x.bb:do_x", "z/q/x.bb:do_x"];
    const sortedOf = ({ matches, unmatched, ambiguous }: ReturnType<typeof found>) => [
      Object.entries(matches).sort(),
      [...unmatched].sort(),
      [...ambiguous].sort(),
    ];
    const expected = sortedOf(found(keys, ...all));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(keys, { minLength: keys.length }),
        fc.shuffledSubarray(all, { minLength: all.length }),
        (someKeys, someTids) => {
          expect(sortedOf(found(someKeys, ...someTids))).toEqual(expected);
        },
      ),
    );
  });
});

describe("a name without configuration", () => {
  const task = (tid: string) => ({ tid: parseTid(tid), pn: "a", task: "do_x" });
  it("is the task of that name, if there is one only", () => {
    expect(matchNames(["a:do_x", "b:do_x"], [task("meta/a.bb:do_x")])).toEqual({
      tids: new Map([["a:do_x", "meta/a.bb:do_x"]]),
      unmatched: ["b:do_x"],
      ambiguous: [],
    });
    expect(matchNames(["a:do_x"], [task("meta/a.bb:do_x"), task("mc:arm:meta/a.bb:do_x")]).ambiguous).toEqual([
      "a:do_x",
    ]);
    expect([...matchNames(["mc:arm:a:do_x"], [task("meta/a.bb:do_x"), task("mc:arm:meta/a.bb:do_x")]).tids]).toEqual([
      ["mc:arm:a:do_x", "mc:arm:meta/a.bb:do_x"],
    ]);
  });
});

it("what a record names and the history does not have is in no set, and said", () => {
  const draft = new RecordDraft();
  draft.executed.add("/s/meta/a.bb:do_x").add("/s/meta/gone.bb:do_x");
  draft.seconds.set("/s/meta/a.bb:do_x", 2).set("/s/meta/a.bb:do_x_setscene", 1).set("/s/meta/gone.bb:do_x", 3);
  const about = { source: "s", build: "1", kind: "console", naming: "tid", finished: true } as const;
  const tasks = [{ tid: parseTid("meta/a.bb:do_x"), pn: "a", task: "do_x" }];
  const { record } = matchRecord(draft.finish(about), tasks);
  expect([...record.executed]).toEqual(["meta/a.bb:do_x"]);
  expect(Object.fromEntries(record.seconds ?? [])).toEqual({ "meta/a.bb:do_x": 2, "meta/a.bb:do_x_setscene": 1 });
  expect(record.unknown).toEqual(["1 tasks that the history does not have: /s/meta/gone.bb:do_x"]);
});
