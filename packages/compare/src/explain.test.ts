import { describe, expect, it } from "vitest";
import { compareCaptures } from "./compare.ts";
import { explainTaskChange } from "./explain-change.ts";
import { explainHash } from "./explain-hash.ts";
import { explainTask, isSameTask } from "./explain-task.ts";
import { findTask } from "./find-task.ts";
import { explainDocument, formatExplain } from "./format-explain.ts";
import { type CapturedSketch, sketchCapture } from "./testing/index.ts";

/**
 * ```
 * lib:do_c -> lib:do_s* -.
 *        `-> tool:do_c ---+-> app:do_c -> app:do_s*
 *             other:do_s* '
 * ```
 */
function build(own: Readonly<Record<string, CapturedSketch>> = {}) {
  const sketches: Record<string, CapturedSketch> = {
    "lib:do_c": {},
    "lib:do_s": { deps: ["lib:do_c"], setscene: true },
    "tool:do_c": { deps: ["lib:do_c"] },
    "other:do_s": { setscene: true },
    "app:do_c": { deps: ["lib:do_s", "tool:do_c", "other:do_s"] },
    "app:do_s": { deps: ["app:do_c"], setscene: true },
  };
  return sketchCapture(
    Object.fromEntries(Object.entries(sketches).map(([name, it]) => [name, { ...it, ...own[name] }])),
  );
}

const file = (checksum: string): CapturedSketch => ({ files: [["f", checksum]] });
const explain = (name: string, own: Parameters<typeof build>[0], from: Parameters<typeof build>[0] = {}, paths = 0) =>
  explainTaskChange(compareCaptures(build(from), build(own)), name, paths);

describe("why a taskhash is another one", () => {
  it("gives the shortest way from each root, and how many ways there are", () => {
    const { roots, pathCount, paths } = explain("app:do_s", { "lib:do_c": file("1"), "other:do_s": file("2") }, {}, 2);
    expect(roots.map((it) => it.path)).toEqual([
      ["lib:do_c", "lib:do_s", "app:do_c", "app:do_s"],
      ["other:do_s", "app:do_c", "app:do_s"],
    ]);
    expect(pathCount).toBe(3);
    expect(paths).toEqual([
      ["other:do_s", "app:do_c", "app:do_s"],
      ["lib:do_c", "lib:do_s", "app:do_c", "app:do_s"],
    ]);
  });

  it("lists the shortest few of more ways than are counted", () => {
    const layers = Array.from({ length: 80 }, (_, i) => i);
    const capture = (checksum: string) =>
      sketchCapture(
        Object.fromEntries([
          ["r:do_0a", file(checksum)],
          ["r:do_0b", file(checksum)],
          ...layers.flatMap((i) =>
            ["a", "b"].map((side) => [`r:do_${i + 1}${side}`, { deps: [`r:do_${i}a`, `r:do_${i}b`] }]),
          ),
        ]),
      );
    const { pathCount, paths } = explainTaskChange(compareCaptures(capture("1"), capture("2")), "r:do_80a", 7);
    expect([pathCount, paths.length]).toEqual([undefined, 7]);
  });

  it("says what would have stopped it: direct dependencies, the lowest sstate tasks, and where none is", () => {
    const { stops } = explain("app:do_c", { "lib:do_c": file("1"), "other:do_s": file("1") });
    expect(stops).toEqual({
      direct: ["lib:do_s", "other:do_s", "tool:do_c"],
      lowestSstate: ["lib:do_s", "other:do_s"],
      unstoppable: ["lib:do_c"],
      stopped: [],
      held: [],
      locked: [],
      passed: ["lib:do_s", "other:do_s"],
    });
  });

  it("nothing below would have stopped a change of its own inputs", () => {
    expect(explain("app:do_c", { "app:do_c": file("1") }).stops.direct).toBeUndefined();
  });

  it("names the depids that stopped it on the way", () => {
    const { stops, change } = explain(
      "app:do_c",
      { "lib:do_c": file("1"), "lib:do_s": { depid: "equal" } },
      { "lib:do_s": { depid: "equal" } },
    );
    expect([change.through.map((it) => it.name), stops.stopped, stops.passed]).toEqual([
      ["tool:do_c"],
      ["lib:do_s"],
      [],
    ]);
  });

  it("tells a lock from an equal output: what it stopped is not built, and what it lists no output would have kept", () => {
    const lock = (capture: ReturnType<typeof build>, ...names: readonly string[]) => ({
      ...capture,
      tasks: capture.tasks.map((it) => (names.includes(`${it.pn}:${it.task}`) ? { ...it, locked: true as const } : it)),
    });
    const stoppedAt = compareCaptures(
      build({ "lib:do_s": { depid: "listed" } }),
      lock(build({ "lib:do_c": file("1"), "lib:do_s": { depid: "listed" } }), "lib:do_s"),
    );
    const { stops } = explainTaskChange(stoppedAt, "app:do_c");
    expect([stops.stopped, stops.held, stops.locked]).toEqual([["lib:do_s"], ["lib:do_s"], []]);
    const listed = compareCaptures(
      build(),
      lock(build({ "lib:do_c": file("1"), "lib:do_s": { depid: "listed" } }), "lib:do_s"),
    );
    const other = explainTaskChange(listed, "app:do_c").stops;
    expect([other.held, other.locked, other.lowestSstate]).toEqual([[], ["lib:do_s"], []]);
    const text = (comparison: typeof listed) =>
      formatExplain({
        build: "b",
        hash: explainHash(build(), findTask(build(), "app:do_c")),
        files: [],
        against: {
          build: "a",
          comparison,
          name: "app:do_c",
          stopped: [],
          allPaths: false,
          explanation: explainTaskChange(comparison, "app:do_c"),
        },
      });
    expect(text(stoppedAt)).toContain("a lock stopped it at lib:do_s: what came to it there is NOT built");
    expect(text(listed)).toContain("no output: a lock gives the depids of lib:do_s, here or there");
  });

  it("ends at a task that depends on itself, in captures that are not to be trusted", () => {
    const twist = (checksum: string) => {
      const capture = build({ "lib:do_c": file(checksum) });
      const [below, app] = ["lib:do_c", "app:do_c"].map((name) => findTask(capture, name));
      const tasks = capture.tasks.map((task) =>
        task === below && app !== undefined ? { ...task, hashdeps: [app.tid], hashedDepids: [app.depid] } : task,
      );
      return { ...capture, tasks };
    };
    const { roots, paths } = explainTaskChange(compareCaptures(twist("1"), twist("2")), "app:do_s", 10);
    expect([roots.length, paths.length]).toEqual([1, 2]);
  });
});

describe("a task as users name it", () => {
  const capture = build();
  it.each(["app:do_c", "app:c", "app do_c", "app c", "app.bb:do_c", " app:do_c "])("%j", (wanted) => {
    expect(findTask(capture, wanted).tid).toBe("app.bb:do_c");
  });

  it("is proposed when it is nearly right", () => {
    expect(() => findTask(capture, "apq:do_c")).toThrow(/no such task; closest: app:do_c/);
    expect(() => findTask(capture, "nothing like any of them at all")).toThrow(/expected pn:task/);
  });

  it("is found by the beginning of its taskhash, depid or basehash", () => {
    const task = findTask(capture, "app:do_c");
    expect(findTask(capture, task.taskhash)).toBe(task);
    expect(findTask(capture, task.taskhash.slice(0, 9))).toBe(task);
    const own = build({ "app:do_c": { depid: "equal" } });
    expect(findTask(own, findTask(own, "app:do_c").depid.slice(0, 12)).task).toBe("do_c");
    expect(() => findTask(capture, "0123456789")).toThrow("no task has a taskhash, depid or basehash that begins so");
    const twin = { ...task, tid: "twin.bb:do_c" as never, pn: "twin" };
    expect(() => findTask({ ...capture, tasks: [...capture.tasks, twin] }, task.taskhash)).toThrow(
      "2 tasks have a hash that begins so; closest: app:do_c, twin:do_c",
    );
  });

  it("is told by a depid that another task hashed, where the build does not have it", () => {
    const part = { ...capture, tasks: [findTask(capture, "app:do_s")] };
    expect(() => findTask(part, findTask(capture, "app:do_c").depid)).toThrow(
      "is a depid of app:do_c that app:do_s hashed",
    );
  });

  it("is found by a hash of any of its signature files, and told when stamps have a hash that no file has", () => {
    const { tid } = findTask(capture, "app:do_c");
    const hash = "0".repeat(60);
    const other = { isCurrent: false, isForeign: true, taskhash: undefined, depid: undefined };
    const files = new Map([[tid, [{ ...other, file: `a/1.0.do_c.sigdata.${hash}1234` }]]]);
    expect(findTask(capture, hash, { files }).tid).toBe(tid);
    const missing = new Map([["gone:do_c", hash]]);
    expect(() => findTask(capture, "gone:c", { missing })).toThrow(/no signature file has it/);
  });

  it("is not chosen when several have the name", () => {
    const twin = { ...findTask(capture, "app:do_c"), tid: "app_2.bb:do_c" as never };
    expect(() => findTask({ ...capture, tasks: [...capture.tasks, twin] }, "app:do_c")).toThrow(
      "several tasks have that name; closest: app.bb:do_c, app_2.bb:do_c",
    );
  });
});

describe("an explanation", () => {
  const a = {
    name: "A",
    capture: build({
      "app:do_c": {
        taint: "t",
        variables: { V: "1" },
        files: [
          ["f", "1"],
          ["g", null],
        ],
      },
    }),
  };
  const b = { name: "B", capture: build({ "lib:do_c": file("1") }) };

  it("tells the text that was hashed piece by piece, and computes it again", () => {
    const text = formatExplain(explainTask(a, "app:do_c", undefined, { allPaths: undefined }), { allHashes: true });
    expect(text.replaceAll(/[0-9a-f]{64}/g, "HASH")).toBe(`app:do_c in A
taskhash  HASH
depid     HASH

how the taskhash came about: SHA-256 of 258 characters
  basehash  HASH  of 1 variable and functions
  depid     HASH  lib:do_s
  depid     HASH  other:do_s
  depid     HASH  tool:do_c
  file      1  f
  file      (missing, not hashed)  g
  taint     t
recomputed: equal`);
  });

  it("says when the taskhash is not the digest of what is recorded", () => {
    const task = { ...findTask(a.capture, "lib:do_c"), taskhash: "1".repeat(64) as never };
    const report = explainTask({ name: "A", capture: { ...a.capture, tasks: [task] } }, "lib:do_c", undefined, {
      allPaths: undefined,
    });
    expect([report.hash.isExact, formatExplain(report)]).toEqual([false, expect.stringContaining("NOT EQUAL")]);
  });

  it("tells causes, ways and stops against another build", () => {
    const report = explainTask({ name: "0", capture: build() }, "app:do_s", b, { allPaths: 10 });
    expect(isSameTask(report)).toBe(false);
    expect(formatExplain(report).split("\n\n").slice(1, -1).join("\n\n")).toBe(
      `against B: changed (tasks with * are sstate tasks)
1 root cause, 2 ways; the shortest of each:
  1. recipe lib (sources, likely propagating)
     lib:do_c -> lib:do_s* -> app:do_c -> app:do_s*

all ways:
  lib:do_c -> lib:do_s* -> app:do_c -> app:do_s*
  lib:do_c -> tool:do_c -> app:do_c -> app:do_s*

own inputs: the same
dependencies: 1 of 1 with another depid: app:do_c
taskhash there: ${report.against?.explanation?.change.before.taskhash}

what would have stopped it:
  - the same depids of app:do_c
  - equal outputs of all of lib:do_s: the lowest sstate tasks on the ways
  - no output: there is no sstate task on a way from lib:do_c
depids that stopped the change below: none
sstate tasks on the ways that did not keep theirs: 1, such as lib:do_s`,
    );
  });

  it("says that a task is the same, or is not there", () => {
    const same = explainTask(a, "other:do_s", b, { allPaths: undefined });
    expect([isSameTask(same), formatExplain(same)]).toEqual([
      true,
      expect.stringMatching(/against B: the same taskhash\n/),
    ]);
    const none = { name: "none", capture: sketchCapture({ "x:do_y": {} }) };
    const gone = explainTask(a, "other:do_s", none, { allPaths: undefined });
    expect([isSameTask(gone), formatExplain(gone)]).toEqual([false, expect.stringMatching(/the task is not there\n/)]);
  });

  it("is plain data too", () => {
    const document = explainDocument(explainTask({ name: "0", capture: build() }, "app:do_s", b, { allPaths: 1 }));
    expect(JSON.parse(JSON.stringify(document))).toMatchObject({
      format: "depid-explain/1",
      task: { name: "app:do_s", sstate: true },
      hashed: { dependencies: [{ name: "app:do_c", is: "taskhash" }], exact: true, taint: null },
      against: {
        input: "B",
        result: "changed",
        own: [],
        through: [{ name: "app:do_c" }],
        roots: [{ recipe: "lib", path: ["lib:do_c", "lib:do_s", "app:do_c", "app:do_s"] }],
        ways: "2",
        pathsLeft: "1",
        stops: { direct: ["app:do_c"], lowestSstate: ["lib:do_s"] },
      },
    });
  });
});
