import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { classifyTask } from "./classify-task.ts";

const variables = (texts: Readonly<Record<string, string>>, deps: readonly string[] = []) => ({
  basehash: basehashOf(JSON.stringify(texts)),
  variables: Object.entries(texts).map(([name, value]) => ({ name, value, deps: name === "do_x" ? deps : [] })),
});
const classOf = (before: TaskSketch, after: TaskSketch, name = "a:do_x") => {
  const { changes, class: kind } = classifyTask(sketchTask(name, before), sketchTask(name, after));
  return [kind.name, kind.suggests, changes.map(({ change }) => ("name" in change ? change.name : change.kind))];
};

describe("the class of one task's own change", () => {
  it.each<[string, TaskSketch, TaskSketch, unknown[]]>([
    [
      "a comment",
      variables({ do_x: "\tmake\n" }),
      variables({ do_x: "\t# why\n\tmake\n" }),
      ["comment or white space", "neutral", ["do_x"]],
    ],
    [
      "variables not recorded on one side",
      variables({ do_x: "\tmake\n" }),
      { basehash: basehashOf("other") },
      ["unknown", undefined, ["metadata"]],
    ],
    [
      "not recorded, in a recipe of another version",
      { version: ":1-r0" },
      { version: ":2-r0", basehash: basehashOf("other") },
      ["version upgrade", "propagating", ["metadata"]],
    ],
    ["a dependency more", {}, { deps: ["b:do_x"] }, ["dependency list", "propagating", ["b:do_x"]]],
    [
      "a variable that came with another one that names it",
      variables({ do_x: "\tmake\n" }),
      variables({ do_x: "\tmake $A\n", A: "1" }, ["A"]),
      ["function code", "propagating", ["do_x"]],
    ],
    [
      "a patch with another checksum",
      { files: [["p.patch", "1"]] },
      { files: [["p.patch", "2"]] },
      ["patch refreshed", "neutral", ["p.patch"]],
    ],
  ])("%s", (_what, before, after, expected) => {
    expect(classOf(before, after)).toEqual(expected);
  });

  it("a dependency whose recipe has another version is the same dependency", () => {
    const tid = (file: string) => `meta/${file}:do_x` as never;
    expect(classOf({ hashdeps: [tid("b_1.bb")] } as never, { hashdeps: [tid("b_2.bb")] } as never)).toEqual([
      "unknown",
      undefined,
      [],
    ]);
  });
});
