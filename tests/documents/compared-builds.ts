import { type CapturedSketch, sketchCapture } from "@depid/compare/testing";
import { type DepId, sha256Hex, type TaskHash, type Tid, taskName } from "@depid/hash";
import type { Capture, CapturedTask } from "@depid/task-graph";
import { basehashOf, tidOf } from "@depid/task-graph/testing";

/** A task in two builds; absent: it is not there. */
export interface Compared {
  readonly before?: BuiltSketch;
  readonly after?: BuiltSketch;
}

/** A task as a build has it, with what follows from no sketch: `given` replaces it. */
interface BuiltSketch extends CapturedSketch {
  readonly given?: Partial<CapturedTask>;
  /** In the order of hashing; otherwise `deps` by code point. */
  readonly hashdeps?: readonly Tid[];
}

const hashOf = <T extends string>(text: string): T => sha256Hex(text) as string as T;

const both = (sketch: BuiltSketch): Compared => ({ before: sketch, after: sketch });
const from = (before: BuiltSketch, after: BuiltSketch): Compared => ({ before, after });

/** Of a function that names a variable. */
const variable = (name: string, before: string | null, after: string | null): Compared => {
  const sketch = (value: string | null) => ({ variables: { do_x: ["\trun\n", [name]], [name]: value } }) as const;
  return from(sketch(before), sketch(after));
};

/** Of the text of the task's function. */
const edited = (more: BuiltSketch, moreAfter = more): Compared =>
  from({ variables: { do_x: "\trun one\n" }, ...more }, { variables: { do_x: "\trun two\n" }, ...moreAfter });

const files = (...names: readonly (readonly [string, string])[]): BuiltSketch => ({
  files: names.map(([name, text]) => [name, sha256Hex(text)]),
});

const LOCKED: BuiltSketch = { given: { locked: true } };

/** A task for each kind of change and each class, by what is about it. */
export const CHANGES: Readonly<Record<string, Compared>> = {
  "blank:do_x": variable("SOME", "a b", "a  b"),
  "message:do_x": from(
    { variables: { do_x: '\tbbnote "one"\n\trun\n' } },
    { variables: { do_x: '\tbbnote "two"\n\trun\n' } },
  ),
  "order:do_x": variable("DEPENDS", "a b", "b a"),
  "code:do_x": edited({ setscene: true }),
  "summary:do_x": variable("SUMMARY", "one", "two"),
  "sources:do_x": variable("SRC_URI", "one", "two"),
  "upgrade:do_x": variable("PV", "1", "2"),
  "upgrade-other:do_x": variable("PV", "1", "2"),
  "needs:do_x": variable("RDEPENDS", "one", "two"),
  "flags:do_x": variable("CFLAGS", "-O1", "-O2"),
  "machine:do_x": variable("MACHINE", "one", "two"),
  "packages:do_x": variable("PACKAGES", "one", "two"),
  "clock:do_x": variable("DATETIME", "20260101000000", "20260102000000"),
  "other:do_x": variable("SOME", "one", "two"),
  "null:do_x": variable("NONE", null, "some"),
  "nulled:do_x": variable("SOME", "some", null),
  "apart:do_x": from({ variables: { do_x: "\trun\n", APART: "1" } }, { variables: { do_x: "\trun\n", APART: "2" } }),
  "added:do_x": from({ variables: { do_x: "\trun\n" } }, { variables: { do_x: "\trun\n", NEW: "1" } }),
  "removed:do_x": from({ variables: { do_x: "\trun\n", OLD: "1" } }, { variables: { do_x: "\trun\n" } }),
  "names:do_x": from(
    { variables: { do_x: ["\trun\n", ["WAS"]], WAS: "1" } },
    { variables: { do_x: ["\trun\n", ["IS"]], IS: "1" } },
  ),
  "several:do_x": from(
    { variables: { do_x: "\trun\n", PACKAGES: "here", LDFLAGS: "-l1" } },
    { variables: { do_x: "\trun\n", PACKAGES: "there", LDFLAGS: "-l2" } },
  ),
  "metadata:do_x": from({}, { basehash: basehashOf("another") }),
  "patch:do_x": from(files(["fix.patch", "one"]), files(["fix.patch", "two"])),
  "file:do_x": from(files(["main.c", "one"]), files(["main.c", "two"])),
  "file-added:do_x": from({}, files(["a.c", "one"])),
  "file-removed:do_x": from(files(["b.c", "one"]), {}),
  "file-order:do_x": from(files(["a.c", "a"], ["b.c", "b"]), files(["b.c", "b"], ["a.c", "a"])),
  "taint:do_x": from({ taint: "one" }, { taint: "two" }),
  "taint-added:do_x": from({}, { taint: "one" }),
  "taint-removed:do_x": from({ taint: "one" }, {}),
  "a:do_x": both({}),
  "b:do_x": both({}),
  "a:do_y": both({}),
  "dependency-added:do_x": from({ deps: ["a:do_x"] }, { deps: ["a:do_x", "b:do_x"] }),
  "dependency-removed:do_x": from({ deps: ["a:do_x", "b:do_x"] }, { deps: ["a:do_x"] }),
  "dependency-order:do_x": from(
    { hashdeps: [tidOf("a:do_x"), tidOf("a:do_y")] },
    { hashdeps: [tidOf("a:do_y"), tidOf("a:do_x")] },
  ),
  "missing:do_x": from(
    { deps: ["nowhere:do_x"], unknownDepids: "one" },
    { deps: ["nowhere:do_x"], unknownDepids: "two" },
  ),
  "remapped:do_x": from({ depid: "one" }, { depid: "two" }),
  "remapped-above:do_x": both({ deps: ["remapped:do_x"] }),
  "relocked:do_x": from({ depid: "three" }, { depid: "four", ...LOCKED }),
  "relocked-above:do_x": both({ deps: ["relocked:do_x"] }),
  "late:do_x": from({}, { given: { depid: hashOf<DepId>("in the end") } }),
  "late-above:do_x": from(
    { deps: ["late:do_x"] },
    { deps: ["late:do_x"], given: { hashedDepids: [hashOf("meanwhile")], taskhash: hashOf("late") } },
  ),
  "unexplained:do_x": from({}, { given: { taskhash: hashOf<TaskHash>("whatever") } }),
  "equal:do_x": edited({ depid: "equal", setscene: true }),
  "above:do_x": both({ deps: ["code:do_x", "equal:do_x"] }),
  "held:do_x": edited({ depid: "held" }, { depid: "held", ...LOCKED }),
  "relocked-edit:do_x": edited({ depid: "five" }, { depid: "six", ...LOCKED }),
  "lifted:do_x": edited({ depid: "lifted", ...LOCKED }, { depid: "lifted" }),
  "gone:do_x": { before: {} },
  "new:do_x": { after: {} },
};

/** A task to which all of them come, with many of its own, and what is hashed as it should be, as it was, and not at all. */
export const EXPLAINED: Readonly<Record<string, Compared>> = {
  ...CHANGES,
  "stopped:do_x": both({ deps: ["equal:do_x"], files: [["gone.c", null]], taint: "one" }),
  "top:do_x": from(
    {
      variables: {
        do_x: ["\trun\n", ["TEXT"]],
        TEXT: ["$A", ["OLD"]],
        OLD: "1",
        SOME: "one",
        DATE: "1",
        NONE: null,
        NIL: "nil",
      },
      deps: [...Object.keys(CHANGES).filter((it) => it !== "new:do_x"), "nowhere:do_x"],
      unknownDepids: "one",
      ...files(["a.c", "a"], ["b.c", "b"]),
    },
    {
      variables: {
        do_x: ["\trun\n", ["TEXT", "DATE"]],
        TEXT: ["$A", ["NEW"]],
        NEW: "1",
        SOME: "two",
        DATE: "2",
        NONE: "none",
        NIL: null,
      },
      deps: [...Object.keys(CHANGES).filter((it) => it !== "gone:do_x"), "nowhere:do_x"],
      unknownDepids: "two",
      ...files(["b.c", "another"], ["c.c", "c"]),
      taint: "two",
    },
  ),
};

/** Two edges from each task to the one above it, so that ways double with each. */
export const MANY_WAYS: Readonly<Record<string, Compared>> = Object.fromEntries(
  Array.from({ length: 12 }, (_, at) =>
    at === 0
      ? [["a0:do_x", edited({})] as const]
      : ["a", "b"].map(
          (it) =>
            [
              `${it}${at}:do_x`,
              both({ deps: at === 1 ? ["a0:do_x"] : [`a${at - 1}:do_x`, `b${at - 1}:do_x`] }),
            ] as const,
        ),
  ).flat(),
);

/** An edit that came to nothing, by a lock or by an equal output. */
export const KEPT: Readonly<Record<string, Compared>> = {
  "kept:do_x": edited({ depid: "kept", setscene: true }),
  "above:do_x": both({ deps: ["kept:do_x"] }),
};

/** One of the two builds. @param assumed what it says of itself beside the usual */
export function buildOf(
  changes: Readonly<Record<string, Compared>>,
  side: "before" | "after",
  assumed = "what is usual",
): Capture {
  const sketches = Object.entries(changes).flatMap(([name, it]) => {
    const sketch = it[side];
    return sketch === undefined ? [] : [[name, sketch] as const];
  });
  const given = new Map(sketches.map(([name, it]) => [name, it.given]));
  const { tasks } = sketchCapture(Object.fromEntries(sketches.map(([name, { given: _, ...it }]) => [name, it])));
  return {
    header: { origin: { tool: "a test" }, unknown: ["what was built before"], assumed: [assumed] },
    tasks: tasks.map((it) => ({ ...it, ...given.get(taskName(it)) })),
  };
}
