import { describe, expect, it } from "vitest";
import { dealPolicies, joinByPolicy, orderOfBuilds } from "./parts.ts";
import { getPolicy } from "./policies/registry.ts";

const deal = (names: string, parts: number) =>
  dealPolicies(
    names.split(",").map((name) => getPolicy(name)),
    parts,
  ).map((part) => part.map((it) => it.name).join());

describe("the policies of a replay in parts", () => {
  it.each([
    ["all in one", "rebuild-all,clairvoyant,equivhash", 1, ["rebuild-all,clairvoyant,equivhash"]],
    ["the clairvoyant in the first, and its cost counts there", "basic,clairvoyant", 2, ["clairvoyant", "basic"]],
    ["it also counts if nobody asked for it", "basic", 2, ["", "basic"]],
    ["no part without any but the first", "basic", 7, ["", "basic"]],
    [
      "as much for each",
      "rebuild-all,basic,basichash,equivhash,equivhash-2018,clairvoyant",
      2,
      ["rebuild-all,basic,basichash,equivhash-2018,clairvoyant", "equivhash"],
    ],
  ])("%s", (_what, names, parts, expected) => {
    expect(deal(names, parts)).toEqual(expected);
  });

  it("are built in the order asked for, but the clairvoyant first", () => {
    const names = ["basic", "clairvoyant", "basichash"].map((name) => getPolicy(name));
    expect(orderOfBuilds(names).map((it) => it.name)).toEqual(["clairvoyant", "basic", "basichash"]);
  });

  it("come together in the order asked for", () => {
    const parts = [[{ of: "c" }], [{ of: "a" }, { of: "b" }]];
    expect(joinByPolicy(["a", "b", "c"], parts, (it) => it.of)).toEqual([{ of: "a" }, { of: "b" }, { of: "c" }]);
  });
});
