import { describe, expect, it } from "vitest";
import { parsePnBuildList, parseTaskDependsDot } from "./task-depends.ts";

const LINES = [
  "digraph depends {",
  '"lib.do_compile" [label="lib do_compile\\n1:2.88.2-r0\\nvirtual:native:/mini/lib_2.88.2.bb"]',
  '"lib.do_compile" -> "lib.do_configure"',
  '"lib.do_configure" [label="lib do_configure\\n1:2.88.2-r0\\nvirtual:native:/mini/lib_2.88.2.bb"]',
  '"mc:phone:glib-2.0.do_build" [label="mc:phone:glib-2.0 do_build\\n:1-r0\\nmc:phone:/mini/glib-2.0_1.bb"]',
  '"mc:phone:glib-2.0.do_build" -> "lib.do_compile"',
  '"mc:phone:glib-2.0.do_build" -> "other.do_x"',
  '"mc:phone:glib-2.0.do_build" -> "lib.do_compile"',
  "}",
];

describe("task-depends.dot", () => {
  const graph = parseTaskDependsDot(LINES, "t.dot");

  it("gives each task its recipe file, version and dependencies", () => {
    expect(graph.tasks.get("lib:do_compile")).toEqual({
      name: "lib:do_compile",
      config: "",
      pn: "lib",
      task: "do_compile",
      tid: "virtual:native:/mini/lib_2.88.2.bb:do_compile",
      version: "1:2.88.2-r0",
      dependencies: ["lib:do_configure"],
    });
  });

  it("has recipes of other configurations under their prefix, and dots in names", () => {
    const { tid, config, pn } = graph.tasks.get("mc:phone:glib-2.0:do_build") ?? {};
    expect({ tid, config, pn }).toEqual({
      tid: "mc:phone:/mini/glib-2.0_1.bb:do_build",
      config: "phone",
      pn: "glib-2.0",
    });
  });

  it("counts an edge that comes twice once", () => {
    expect(graph.edges).toBe(3);
    expect(graph.tasks.get("mc:phone:glib-2.0:do_build")?.dependencies).toEqual(["lib:do_compile", "other:do_x"]);
  });

  it("knows no recipe file of a task that is only depended upon", () => {
    expect(graph.tasks.get("other:do_x")).toMatchObject({ tid: undefined, version: undefined });
  });

  it.each([
    ["nothing", [], 't.dot: expected "digraph depends {", found nothing'],
    ["another graph", ["graph x {"], 't.dot:1: expected "digraph depends {", found "graph x {"'],
    ["a cut file", LINES.slice(0, 3), 't.dot:3: the last line, "}", is missing (truncated?)'],
    ["a line that is neither", ["digraph depends {", "a -> b"], /^t\.dot:2: expected .*, found "a -> b"$/],
    ["a task that is there twice", [...LINES.slice(0, 2), LINES[1]], 't.dot:3: "lib.do_compile" has a label already'],
    ["more behind the end", [...LINES, "x"], 't.dot:10: expected nothing behind "}", found "x"'],
  ] as [string, string[], string | RegExp][])("of %s is refused in one line", (_what, lines, message) => {
    expect(() => parseTaskDependsDot(lines, "t.dot")).toThrow(message);
  });
});

describe("pn-buildlist", () => {
  it("is a list of recipe names", () => {
    expect(parsePnBuildList(["acl", "mc:phone:acl"], "pn-buildlist")).toEqual(["acl", "mc:phone:acl"]);
    expect(() => parsePnBuildList(["acl", ""], "list")).toThrow('list:2: expected a recipe name, found ""');
  });
});
