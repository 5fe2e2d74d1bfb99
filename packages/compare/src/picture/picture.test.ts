import { instance } from "@viz-js/viz";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainTask } from "../explain-task.ts";
import { type CapturedSketch, sketchCapture } from "../testing/index.ts";
import { type Picture, pictureOf } from "./explain-picture.ts";
import { formatDot } from "./format-dot.ts";
import { formatMermaid } from "./format-mermaid.ts";

/**
 * ```
 * lib:do_c -> lib:do_s* -> app:do_c -> app:do_s*
 *             tool:do_s* -'
 * ```
 */
function build(own: Readonly<Record<string, CapturedSketch>> = {}) {
  const sketches: Record<string, CapturedSketch> = {
    "lib:do_c": {},
    "lib:do_s": { deps: ["lib:do_c"], setscene: true },
    "tool:do_s": { setscene: true },
    "app:do_c": { deps: ["lib:do_s", "tool:do_s"] },
    "app:do_s": { deps: ["app:do_c"], setscene: true },
  };
  const named = Object.entries(sketches).map(([name, it]) => [name, { ...it, ...own[name] }] as const);
  return sketchCapture(Object.fromEntries(named));
}

const file = (checksum: string): CapturedSketch => ({ files: [["f", checksum]] });

type Own = Parameters<typeof build>[0];

function picture(task: string, own?: Own, before?: Own): Picture {
  const capture = build(own);
  const against = own === undefined ? undefined : { name: "before", capture: build(before) };
  return pictureOf(explainTask({ name: "after", capture }, task, against, { allPaths: undefined }), capture);
}

const rolesOf = ({ nodes }: Picture) => Object.fromEntries(nodes.map(({ name, role }) => [name, role]));

describe("the picture of an explanation", () => {
  it("has the tasks on the way from each root cause, and the way", () => {
    const drawn = picture("app:do_s", { "lib:do_c": file("1") });
    expect(rolesOf(drawn)).toEqual({
      "lib:do_c": "origin",
      "lib:do_s": "through",
      "app:do_c": "through",
      "app:do_s": "through",
    });
    expect(drawn.edges).toEqual([
      { from: "lib:do_c", to: "lib:do_s", isOpen: true },
      { from: "lib:do_s", to: "app:do_c", isOpen: true },
      { from: "app:do_c", to: "app:do_s", isOpen: true },
    ]);
    expect(drawn.nodes.filter((it) => it.isAsked).map((it) => it.name)).toEqual(["app:do_s"]);
    expect(drawn.nodes.filter((it) => it.sstate).map((it) => it.name)).toEqual(["lib:do_s", "app:do_s"]);
    expect(drawn.nodes[0]?.notes).toHaveLength(1);
  });

  it("has a task that a change came to and that kept its depid, with the edge where the change stopped", () => {
    const drawn = picture(
      "app:do_s",
      { "lib:do_c": file("1"), "lib:do_s": { depid: "equal" }, "tool:do_s": file("2") },
      { "lib:do_s": { depid: "equal" } },
    );
    expect(rolesOf(drawn)).toMatchObject({ "lib:do_s": "stop", "tool:do_s": "origin" });
    expect(drawn.edges).toContainEqual({ from: "lib:do_s", to: "app:do_c", isOpen: false });
    expect(rolesOf(drawn)).not.toHaveProperty("lib:do_c");
  });

  it("has, without another build, the task and what it hashed", () => {
    const drawn = picture("app:do_c");
    expect(drawn.title).toBe("what app:do_c in after hashed");
    expect(rolesOf(drawn)).toEqual({ "app:do_c": "dependency", "lib:do_s": "dependency", "tool:do_s": "dependency" });
    expect(drawn.nodes.filter((it) => it.sstate)).toHaveLength(2);
  });

  it("has the task alone where nothing changed", () => {
    const drawn = picture("app:do_s", {});
    expect(drawn.nodes).toMatchObject([{ name: "app:do_s", isAsked: true, notes: ["the same taskhash"] }]);
    expect(drawn.edges).toEqual([]);
  });
});

describe("a picture in Mermaid", () => {
  it("is a flowchart from below, a line for each task and edge", () => {
    expect(formatMermaid(picture("app:do_c", { "tool:do_s": file("2") })).split("\n")).toMatchObject([
      "---",
      'title: "why app:do_c in after has another taskhash than in before"',
      "---",
      "flowchart BT",
      expect.stringMatching(/^ {2}n0\[\["tool:do_s<br>.+"\]\]:::origin$/),
      '  n1["<b>app:do_c</b>"]:::through',
      "  n0 --> n1",
      expect.stringMatching(/^ {2}classDef origin .*stroke-width:4px/),
      expect.stringMatching(/^ {2}classDef through /),
    ]);
  });

  it("has nothing of a name that means something to Mermaid or to a page", () => {
    fc.assert(
      fc.property(names, (name) => {
        const text = formatMermaid(pictureNamed(name));
        const label = text.split("\n").find((line) => line.startsWith("  n0")) as string;
        expect(label).toMatch(/^ {2}n0\["<b>(?:[\p{L}\p{N} :_.,/()-]|#\d+;)*<\/b>"\]:::origin$/u);
      }),
    );
  });
});

describe("a picture for Graphviz", () => {
  it("is drawn by Graphviz, whatever tasks are called", async () => {
    const viz = await instance();
    fc.assert(
      fc.property(names, (name) => {
        const { errors, status } = viz.render(formatDot(pictureNamed(name)), { format: "svg" });
        // That it has no width for a character is all that it says of fonts that are not there.
        const others = errors.filter(({ message }) => !/no value for width/.test(message));
        expect({ status, others }).toEqual({ status: "success", others: [] });
      }),
      { numRuns: 50 },
    );
  });

  it("shows names as they are, with quotation marks, backslashes and what looks like HTML", async () => {
    const viz = await instance();
    const name = 'a"b\\n<b>&amp;</b>';
    const drawn = viz.renderString(formatDot(pictureNamed(name)), { format: "svg" });
    const texts = [...drawn.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => shownText(text));
    expect(texts).toContain(`* ${name}`);
  });
});

/** A text of SVG as it is shown. */
function shownText(text: string): string {
  const characters: Readonly<Record<string, string>> = { quot: '"', lt: "<", gt: ">", amp: "&" };
  return text.replace(/&(quot|lt|gt|amp);/g, (_, name: string) => characters[name] as string);
}

/** Names of tasks that people would not give. */
const names = fc.oneof(
  fc.string({ unit: "binary", minLength: 1 }),
  fc.string({ unit: fc.constantFrom('"', "\\", "\n", "<", ">", "&", ";", "#", "`", "]", "[", "a", "-->", "%%") }),
);

function pictureNamed(name: string): Picture {
  const node = { role: "origin", sstate: false, notes: [] } as const;
  return {
    title: name,
    nodes: [
      { ...node, name, isAsked: true },
      { ...node, name: `${name} `, isAsked: false },
    ],
    edges: [{ from: name, to: `${name} `, isOpen: false }],
  };
}
