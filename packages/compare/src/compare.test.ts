// biome-ignore-all lint/suspicious/noTemplateCurlyInString: BitBake writes expansions so
import { formatCapture } from "@depid/task-graph";
import { parseCapture } from "@depid/task-graph/read";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareCaptures, selectTasks } from "./compare.ts";
import { diffDocument } from "./diff-document.ts";
import { formatDiff } from "./format-diff.ts";
import { formatMarkdown } from "./format-markdown.ts";
import { type CapturedSketch, sketchCapture } from "./testing/index.ts";

/** Two recipes over one, all with a function of one class: a:do_c <- b:do_c, c:do_c <- d:do_c. */
function builds(change: {
  readonly common?: string;
  readonly own?: Readonly<Record<string, CapturedSketch>>;
}): Parameters<typeof sketchCapture>[0] {
  const variables = (name: string) => ({ do_c: "\tcommon\n", common: change.common ?? "\tmake\n", NAME: name });
  return Object.fromEntries(
    [
      ["a:do_c", { setscene: true }],
      ["b:do_c", { deps: ["a:do_c"] }],
      ["c:do_c", { deps: ["a:do_c"], setscene: true }],
      ["d:do_c", { deps: ["b:do_c", "c:do_c"] }],
    ].map(([name, sketch]) => [
      name,
      { variables: variables(name as string), ...(sketch as CapturedSketch), ...change.own?.[name as string] },
    ]),
  );
}

const before = sketchCapture(builds({}));
const compareTo = (change: Parameters<typeof builds>[0]) => compareCaptures(before, sketchCapture(builds(change)));

describe("own changes of a task", () => {
  const plain = {
    deps: ["x:do_p"],
    variables: { do_q: "\trun\n", V: "1" },
    files: [["f", "11"]] as [string, string][],
  };
  it.each<[string, CapturedSketch, object[]]>([
    [
      "a variable's text",
      { variables: { do_q: "\trun\n", V: "2" } },
      [{ kind: "variable", name: "V", change: "text" }],
    ],
    ["a variable more", { variables: { do_q: "\trun\n", V: "1", W: "" } }, [{ name: "W", change: "added" }]],
    ["a variable less", { variables: { do_q: "\trun\n" } }, [{ name: "V", change: "removed" }]],
    [
      "the task's own text, and what it names",
      { variables: { do_q: ["\trun ${W}\n", ["W"]], V: "1", W: "w" } },
      [
        { name: "W", change: "added" },
        { name: "do_q", change: "text" },
      ],
    ],
    ["a file's checksum", { files: [["f", "12"]] }, [{ kind: "file", name: "f", change: "checksum" }]],
    [
      "a file more",
      {
        files: [
          ["f", "11"],
          ["g", "11"],
        ],
      },
      [{ kind: "file", name: "g", change: "added" }],
    ],
    [
      "a second file of a name",
      {
        files: [
          ["f", "11"],
          ["f", "10"],
        ],
      },
      [{ name: "f", change: "added", after: "10" }],
    ],
    ["a file less", { files: [] }, [{ kind: "file", name: "f", change: "removed" }]],
    ["a taint", { taint: "x" }, [{ kind: "taint", before: undefined, after: "x" }]],
    ["a dependency more", { deps: ["x:do_p", "y:do_p"] }, [{ kind: "dependency", name: "y:do_p", change: "added" }]],
    ["a dependency less", { deps: [] }, [{ kind: "dependency", name: "x:do_p", change: "removed", sameRecipe: false }]],
    ["a basehash, variables unknown", { variables: undefined } as never, [{ kind: "metadata" }]],
  ])("%s", (_what, sketch, expected) => {
    const base = { "x:do_p": {}, "y:do_p": {} };
    const { changed } = compareCaptures(
      sketchCapture({ ...base, "r:do_q": plain }),
      sketchCapture({ ...base, "r:do_q": { ...plain, ...sketch } }),
    );
    expect(changed.map((it) => it.name)).toEqual(["r:do_q"]);
    expect(changed[0]?.own).toMatchObject(expected);
    expect(changed[0]?.through).toEqual([]);
  });

  it("a file that is missing, or another name with the same checksum, is no change", () => {
    const task = (files: [string, string | null][]) => sketchCapture({ "r:do_q": { files } });
    expect(
      compareCaptures(
        task([["f", "11"]]),
        task([
          ["g", "11"],
          ["h", null],
        ]),
      ).changed,
    ).toEqual([]);
  });

  it("files below a checksummed directory change with their names", () => {
    const task = (name: string) => sketchCapture({ "r:do_q": { files: [[name, "11"]] } });
    const { changed } = compareCaptures(task("./f"), task("./g"));
    expect(changed[0]?.own).toMatchObject([{ change: "removed" }, { change: "added" }]);
  });
});

describe("root causes", () => {
  it("a capture is as it is itself", () => {
    const { changed, causes, common } = compareTo({});
    expect([changed, causes, common]).toEqual([[], [], 4]);
  });

  it("a function of a class that many tasks use is one cause, with all tasks that it changes", () => {
    const { causes, changed } = compareTo({ common: "\tmake all\n" });
    expect(changed.length).toBe(4);
    expect(causes).toMatchObject([
      {
        recipe: undefined,
        changes: [{ change: { name: "common", change: "text" }, entered: ["a:do_c", "b:do_c", "c:do_c", "d:do_c"] }],
        lowest: ["a:do_c"],
        all: { tasks: 4, sstate: 2, above: 0 },
        only: { tasks: 4 },
      },
    ]);
  });

  it("each cause says what it changes, and what it alone changes", () => {
    const variables = { do_c: "\tcommon\n", common: "\tmake\n", NAME: "other" };
    const { causes } = compareTo({ own: { "b:do_c": { variables }, "c:do_c": { files: [["f", "1"]] } } });
    expect(causes.map(({ recipe, entered, all, only }) => ({ recipe, entered, all, only }))).toEqual([
      {
        recipe: "b",
        entered: ["b:do_c"],
        all: { tasks: 2, sstate: 0, above: 1 },
        only: { tasks: 1, sstate: 0, above: 0 },
      },
      {
        recipe: "c",
        entered: ["c:do_c"],
        all: { tasks: 2, sstate: 1, above: 1 },
        only: { tasks: 1, sstate: 1, above: 0 },
      },
    ]);
  });

  it("a variable that came because another names it now is no cause of its own", () => {
    const variables = { do_c: ["\tcommon ${NEW}\n", ["NEW"]], common: "\tmake\n", NAME: "d:do_c" } as const;
    const { causes } = compareTo({
      own: { "d:do_c": { variables: { ...variables, NEW: ["1", ["OTHER"]], OTHER: "2" } } },
    });
    expect(causes.flatMap((it) => it.changes)).toMatchObject([
      { change: { name: "do_c" }, brings: ["NEW", "OTHER"], drops: [] },
    ]);
  });

  it("where the depid stayed, the change went no further", () => {
    const sketch = (files: [string, string][]) =>
      sketchCapture(builds({ own: { "c:do_c": { files, depid: "equal" } } }));
    const { changed, stopped, causes } = compareCaptures(sketch([["f", "1"]]), sketch([["f", "2"]]));
    expect([changed.map((it) => it.name), stopped]).toEqual([["c:do_c"], ["c:do_c"]]);
    expect(causes[0]?.all).toEqual({ tasks: 1, sstate: 1, above: 0 });
  });

  it("a dependency with changes on both ways is stopped on one and not on the other", () => {
    const sketch = (checksum: string) =>
      sketchCapture(
        builds({
          own: { "b:do_c": { files: [["f", checksum]] }, "c:do_c": { files: [["f", checksum]], depid: "equal" } },
        }),
      );
    const { changed } = compareCaptures(sketch("1"), sketch("2"));
    const d = changed.find((it) => it.name === "d:do_c");
    expect([d?.own, d?.through.map((it) => it.name), d?.stopped]).toEqual([[], ["b:do_c"], ["c:do_c"]]);
  });

  it("a dependency that a capture does not have is a cause of unknown inputs", () => {
    const sketch = (unknownDepids: string) => {
      const task = { deps: ["gone:do_x"], unknownDepids };
      return sketchCapture({ "p:do_y": task, "q:do_y": task, "r:do_y": { deps: ["p:do_y"] } });
    };
    const { causes } = compareCaptures(sketch("1"), sketch("2"));
    expect(causes).toMatchObject([
      {
        changes: [{ change: { kind: "unknown inputs", name: "gone:do_x" }, class: { name: "unknown" } }],
        entered: ["p:do_y", "q:do_y"],
        all: { tasks: 3, above: 1 },
      },
    ]);
  });

  it("another depid of a task that is the same is a cause", () => {
    const sketch = (depid: string) => sketchCapture({ "a:do_x": { depid }, "b:do_x": { deps: ["a:do_x"] } });
    const { causes } = compareCaptures(sketch("1"), sketch("2"));
    expect(causes).toMatchObject([
      { changes: [{ change: { kind: "other depid", name: "a:do_x" } }], entered: ["b:do_x"] },
    ]);
  });

  it("of which the captures do not have what was hashed, that is said: it ran again since, or wrote nothing", () => {
    const sketch = (depid: string) => sketchCapture({ "a:do_x": { depid }, "b:do_x": { deps: ["a:do_x"] } });
    const [old, young] = [sketch("1"), sketch("2")];
    const tasks = old.tasks.map((it) => young.tasks.find(({ tid, pn }) => pn === "a" && tid === it.tid) ?? it);
    const comparison = compareCaptures({ ...old, tasks }, young);
    expect(comparison.causes[0]?.changes[0]?.change).toMatchObject({ kind: "other depid", notAtHand: true });
    const plain = compareCaptures(old, young).causes[0]?.changes[0]?.change;
    expect(plain).not.toHaveProperty("notAtHand");
    expect(formatDiff({ before: "1", after: "2", comparison, limit: 9, lines: 9 })).toContain(
      "not of the signatures at hand",
    );
  });

  it("of which a lock is the reason, it is said, even where nothing hashes the task", () => {
    const sketch = (depid?: string) =>
      sketchCapture({
        "a:do_x": depid === undefined ? {} : { depid },
        "b:do_x": { deps: ["a:do_x"] },
        "c:do_x": depid === undefined ? {} : { depid },
      });
    const listed = sketch("listed");
    const locked = {
      ...listed,
      tasks: listed.tasks.map((it) => (it.pn === "b" ? it : { ...it, locked: true as const })),
    };
    for (const comparison of [compareCaptures(sketch(), locked), compareCaptures(locked, sketch())]) {
      expect(comparison.relocked).toEqual(["a:do_x", "c:do_x"]);
      expect(comparison.causes).toMatchObject([
        { changes: [{ change: { kind: "other depid", name: "a:do_x", byLock: true } }], entered: ["b:do_x"] },
      ]);
      const report = { before: "1", after: "2", comparison, limit: 9, lines: 9 };
      const sentence = "2 tasks with the same taskhash have other depids by a lock, here or there: a:do_x, c:do_x";
      expect(formatDiff(report)).toContain(sentence);
      expect(formatDiff(report)).toContain("though its taskhash is the same: a lock gives it, here or there");
      expect(formatMarkdown(report)).toContain(sentence);
      expect(diffDocument(report)).toMatchObject({ counts: { relocked: 2 }, relocked: ["a:do_x", "c:do_x"] });
    }
    expect(compareCaptures(sketch(), listed).relocked).toEqual([]);
    expect(selectTasks(compareCaptures(sketch(), locked), (name) => name === "c:do_x").relocked).toEqual(["c:do_x"]);
  });

  it("tasks that are tainted anew in each build are one cause", () => {
    const sketch = (id: string) =>
      sketchCapture({ "a:do_x": { taint: `nostamp:${id}a` }, "b:do_x": { taint: `nostamp:${id}b` } });
    const { causes } = compareCaptures(sketch("1"), sketch("2"));
    expect(causes).toMatchObject([{ changes: [{ change: { kind: "taint" } }], entered: ["a:do_x", "b:do_x"] }]);
  });

  it("another taskhash of equal inputs is a cause too: a locked signature", () => {
    const capture = sketchCapture({ "a:do_x": {} });
    const locked = { ...capture, tasks: capture.tasks.map((it) => ({ ...it, taskhash: "1".repeat(64) as never })) };
    expect(compareCaptures(capture, locked).causes).toMatchObject([{ changes: [{ change: { kind: "unexplained" } }] }]);
  });

  it("tasks are matched by name whatever their recipe file is called; namesakes by tid", () => {
    const rename = (from: string, to: string) => {
      const lines = [...formatCapture(sketchCapture({ "a:do_x": {}, "b:do_x": { deps: ["a:do_x"] } }))];
      return parseCapture(
        lines.map((line) => line.replaceAll(from, to)),
        "test",
      );
    };
    expect(compareCaptures(rename("b.bb", "b_1.bb"), rename("b.bb", "b_2.bb")).common).toBe(2);
    const twins = rename('"pn":"b"', '"pn":"a"');
    const { common, changed } = compareCaptures(twins, twins);
    expect([common, changed]).toEqual([2, []]);
    const { common: rest, removed } = compareCaptures(twins, sketchCapture({ "a:do_x": {} }));
    expect([rest, removed.map((it) => it.name)]).toEqual([1, ["a:do_x [b.bb]"]]);
  });

  it("a selection keeps the causes that reach it, counted over it alone", () => {
    const all = compareTo({ own: { "b:do_c": { files: [["f", "1"]] }, "c:do_c": { files: [["f", "2"]] } } });
    const some = selectTasks(all, (name) => name === "c:do_c");
    expect([some.common, some.changed.length, some.causes.length]).toEqual([1, 1, 1]);
    expect([some.causes[0]?.entered, some.causes[0]?.all.tasks, some.causesOf("c:do_c")]).toEqual([["c:do_c"], 1, [0]]);
  });
});

describe("whatever the graph", () => {
  /** Tasks t0 … tn, each over some before it. */
  const graphs = fc
    .array(fc.record({ deps: fc.array(fc.nat(30), { maxLength: 3 }), setscene: fc.boolean() }), {
      minLength: 1,
      maxLength: 25,
    })
    .map((rows) =>
      rows.map(({ deps, setscene }, i) => ({
        name: `r${i % 7}:do_t${i}`,
        setscene,
        deps: i === 0 ? [] : [...new Set(deps.map((at) => at % i))].map((at) => `r${at % 7}:do_t${at}`),
      })),
    );
  const sketch = (rows: { name: string; setscene: boolean; deps: string[] }[], edits: ReadonlyMap<number, string>) =>
    sketchCapture(
      Object.fromEntries(
        rows.map(({ name, ...rest }, i) => [name, { ...rest, variables: { V: edits.get(i) ?? "", PN: name } }]),
      ),
    );

  it("changing the own input of tasks changes exactly their cones, and each changed task has a cause", () => {
    fc.assert(
      fc.property(
        graphs,
        fc.array(fc.tuple(fc.nat(24), fc.constantFrom("1", "2")), { maxLength: 4 }),
        (rows, edits) => {
          const edited = new Map(edits.filter(([at]) => at < rows.length));
          const { changed, causes, causesOf } = compareCaptures(sketch(rows, new Map()), sketch(rows, edited));
          const cone = new Set<string>();
          rows.forEach(({ name, deps }, i) => {
            if (edited.has(i) || deps.some((dep) => cone.has(dep))) cone.add(name);
          });
          expect(changed.map((it) => it.name).sort()).toEqual([...cone].sort());
          for (const { name } of changed) expect(causesOf(name).length).toBeGreaterThan(0);
          const entered = causes.flatMap((it) => it.entered);
          expect([...new Set(entered)].sort()).toEqual([...edited.keys()].map((at) => rows[at]?.name).sort());
          causes.forEach((cause, at) => {
            expect(cause.all.tasks).toBe(changed.filter((it) => causesOf(it.name).includes(at)).length);
          });
        },
      ),
    );
  });

  it("the order of tasks does not matter, and a capture does not differ from itself", () => {
    fc.assert(
      fc.property(graphs, fc.nat(24), fc.infiniteStream(fc.nat()), (rows, at, randoms) => {
        const a = sketch(rows, new Map());
        const b = sketch(rows, new Map([[at % rows.length, "1"]]));
        const shuffle = <T>(list: readonly T[]) =>
          list
            .map((it) => [randoms.next().value as number, it] as const)
            .sort((x, y) => x[0] - y[0])
            .map((it) => it[1]);
        const view = ({ causes, changed }: ReturnType<typeof compareCaptures>) => ({ causes, changed });
        expect(compareCaptures(a, a).changed).toEqual([]);
        expect(view(compareCaptures({ ...a, tasks: shuffle(a.tasks) }, { ...b, tasks: shuffle(b.tasks) }))).toEqual(
          view(compareCaptures(a, b)),
        );
      }),
    );
  });
});

describe("the same edit", () => {
  it("of texts that are otherwise not the same is one change, with the class of both", () => {
    const sketch = (line: string) =>
      sketchCapture({
        "a:do_p": { variables: { do_p: `\ta\n\t${line}\n` } },
        "b:do_p": { variables: { do_p: `\tb ${"$"}{D}\n\t${line}\n\tc\n` } },
        "c:do_p": { variables: { do_p: `\tcat >${"$"}{D} <<EOF\n\t${line}\nEOF\n` } },
      });
    const { causes } = compareCaptures(sketch("# one"), sketch("# two"));
    expect(causes.map((it) => it.entered)).toEqual([["a:do_p", "b:do_p", "c:do_p"]]);
    expect(causes[0]?.changes).toMatchObject([
      { variants: [{}, {}], class: { name: "several kinds", sure: "unsure" } },
    ]);
  });
});
