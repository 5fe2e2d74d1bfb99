import { sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { sizesOf, sizesOfOne } from "./object-sizes.ts";
import { sketchHistory } from "./testing/index.ts";
import { formatByteSize, parseByteSize } from "./topology/byte-size.ts";

const FOUND = [
  { pn: "a", task: "do_x", bytes: 1 },
  { pn: "a", task: "do_x", bytes: 3 },
  { pn: "a", task: "do_x", bytes: 90 },
  { pn: "b", task: "do_y", bytes: 50 },
];

describe("sizes of sstate objects", () => {
  it("are medians of what was found of the recipe's task; else of the task, else of all", () => {
    const { bytesOf, describe } = sizesOf(FOUND, ["t"]);
    expect([bytesOf("a", "do_x"), bytesOf("c", "do_y"), bytesOf("c", "do_z")]).toEqual([3, 50, 3]);
    const names = ["a:do_x", "c:do_y", "c:do_z", "d:do_z"];
    const history = sketchHistory(names.map((it) => sketchTask(it, { setscene: true })));
    expect(describe(history)).toBe(
      "Sizes of sstate objects: of 4 tasks that make one, by recipe and task, 1 were measured (t); estimated are 1 by the median of the same task of others, 2 by that of all objects.",
    );
  });

  it("may be one for all, which is told as an estimate", () => {
    const { bytesOf, describe } = sizesOfOne(7, "7 B");
    expect([bytesOf("a", "do_x"), describe(sketchHistory([]))]).toEqual([
      7,
      "Sizes of sstate objects are an estimate: each has 7 B.",
    ]);
  });

  it.each([
    ["20 GB", 20e9, "20 GB"],
    ["1.5MiB", 1_572_864, "1.6 MB"],
    ["7 B", 7, "7 B"],
    ["0 GB", undefined, undefined],
    ["20", undefined, undefined],
    ["20 gb", undefined, undefined],
  ])("are read: %s", (text, bytes, shown) => {
    expect(parseByteSize(text)).toBe(bytes);
    if (bytes !== undefined) expect(formatByteSize(bytes)).toBe(shown);
  });
});
