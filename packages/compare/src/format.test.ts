import { describe, expect, it } from "vitest";
import { compareCaptures } from "./compare.ts";
import { diffDocument } from "./diff-document.ts";
import { type DiffReport, formatDiff } from "./format-diff.ts";
import { formatMarkdown } from "./format-markdown.ts";
import { type CapturedSketch, sketchCapture } from "./testing/index.ts";

/** Two recipes with a function of a class, one over the other, the lower one restorable. */
const build = (common: string, own: CapturedSketch = {}) =>
  sketchCapture({
    "a:do_p": { variables: { common, do_p: "\tcommon\n" }, setscene: true },
    "b:do_p": { deps: ["a:do_p"], variables: { common, do_p: "\tcommon\n" }, ...own },
  });

function report(before: string, after: string, own: CapturedSketch = {}, rest: Partial<DiffReport> = {}): DiffReport {
  const comparison = compareCaptures(build(before), build(after, own));
  return { before: "A", after: "B", comparison, limit: 10, lines: 10, ...rest };
}

describe("a comparison as text", () => {
  it("is a summary, then causes with their diffs", () => {
    expect(formatDiff(report("\tmake x y\n", "\tmake x z\n", { files: [["fix.patch", "1"]] }))).toBe(`A -> B
2 of 2 tasks changed, among them 1 of 1 sstate tasks; 0 new, 0 gone
0 changed tasks kept the depid: stopped by equivalence
2 root causes

1. variable common: function code, perhaps propagating
   changes 2 tasks (1 sstate), 1 of them for no other cause
   entered at 2 tasks, lowest: a:do_p
   - variable common has another text: function code, perhaps propagating
       -	make x y
       +	make x z

2. recipe b: sources, likely propagating
   changes 1 task (0 sstate), 0 of them for no other cause
   entered at 1 task, lowest: b:do_p
   - file fix.patch was added: sources, likely propagating
       +1`);
  });

  it("says what is not shown", () => {
    const text = formatDiff(report("\ta\n\n\n\n\n", "\tb\n\n\n\n\n", { files: [["f", "1"]] }, { limit: 1, lines: 2 }));
    expect(text).toContain("… 3 more lines");
    expect(text).toMatch(/1 more cause: --limit 2 shows all$/);
  });

  it("says once what neither capture knows", () => {
    const { comparison } = report("1", "1");
    const side = (assumed: string[]) => ({ tasks: 2, header: { origin: {}, unknown: ["variables"], assumed } });
    const all = { ...comparison, before: side([]), after: side(["depids"]) };
    expect(formatDiff({ ...report("1", "1"), comparison: all }).split("\n\n")[1]).toBe(
      "unknown: variables\nassumed: depids (B)",
    );
  });
});

describe("a comparison as Markdown", () => {
  it("is a sentence, a table and folded diffs", () => {
    expect(
      formatMarkdown(report("\tmake x y\n", "\tmake x z\n")),
    ).toBe(`### This change invalidates 2 of 2 tasks (1 of 1 sstate tasks)

From \`A\` to \`B\`. 0 tasks are new, 0 gone. 0 changed tasks kept their depid: stopped by equivalence.

| | cause | entered at | tasks changed (sstate) | for no other cause | looks like |
| -: | - | -: | -: | -: | - |
| 1 | variable \`common\` | 2 tasks | 2 (1) | 2 (1) | function code, perhaps propagating |

<details><summary>1. variable <code>common</code></summary>

Entered at 2 tasks: \`a:do_p, b:do_p\`

**variable** \`common\` has another text: function code, perhaps propagating

\`\`\`diff
-	make x y
+	make x z
\`\`\`

</details>

_What a change looks like is a guess from its text, never a fact._`);
  });

  it("takes nothing in a build for markup", () => {
    const hostile = "</details><script>|`` @me ![x](y)\n```\n# h\n";
    const name = "x`|<b>";
    const capture = (text: string) => sketchCapture({ [`${name}:do_p`]: { variables: { [name]: text } } });
    const comparison = compareCaptures(capture("1\n"), capture(`1\n${hostile}`));
    const text = formatMarkdown({ before: "A`|", after: "B", comparison, limit: 9, lines: 9 });
    expect(text).toContain("````diff\n 1\n+</details><script>|`` @me ![x](y)\n+```\n+# h\n````");
    expect(text).toContain("| 1 | recipe ``x`\\|<b>`` |");
    expect(text).toContain("<code>x`|&lt;b&gt;</code>");
  });

  it("stays shorter than a comment may be", () => {
    const sketch = (text: string) =>
      sketchCapture(
        Object.fromEntries(
          Array.from({ length: 300 }, (_, i) => [
            `r${i}:do_p`,
            { variables: { V: `${i}${text}\n${"x\n".repeat(200)}` } },
          ]),
        ),
      );
    const comparison = compareCaptures(sketch("a"), sketch(`b\n${"y\n".repeat(200)}`));
    const text = formatMarkdown({ before: "A", after: "B", comparison, limit: 300, lines: 200 });
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/The diffs of \d+ causes are left out/);
  });
});

it("a comparison as plain data has every cause and task", () => {
  const document = diffDocument(report("1\n", "2\n", { files: [["f", "1"]] }, { limit: 1 }));
  expect(JSON.parse(JSON.stringify(document))).toMatchObject({
    format: "depid-diff/1",
    before: { input: "A", tasks: 2 },
    counts: { common: { tasks: 2, sstate: 1 }, changed: { tasks: 2, sstate: 1 }, added: 0, removed: 0, stopped: 0 },
    causes: [
      {
        recipe: null,
        class: { name: "function code", sure: "unsure", suggests: "propagating" },
        all: { tasks: 2, sstate: 1, above: 0 },
        changes: [
          {
            kind: "variable",
            name: "common",
            change: "text",
            before: { value: "1\n", deps: [] },
            after: { value: "2\n", deps: [] },
            entered: ["a:do_p", "b:do_p"],
          },
        ],
      },
      { recipe: "b", changes: [{ kind: "file", name: "f", before: null, after: "1" }] },
    ],
    tasks: [
      { name: "a:do_p", sstate: true, own: [{ kind: "variable", name: "common", change: "text" }], causes: [0] },
      { name: "b:do_p", own: [{ kind: "variable" }, { kind: "file" }], through: [{ name: "a:do_p" }], causes: [0, 1] },
    ],
  });
});
