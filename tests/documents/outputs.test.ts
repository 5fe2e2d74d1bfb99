import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../apps/simulator/src/commands.ts";
import { parseBlocks } from "../../scripts/docs-outputs/blocks.ts";
import { compareOutput } from "../../scripts/docs-outputs/compare.ts";
import { checkDocument } from "../../scripts/docs-outputs/document.ts";
import { listDocuments } from "../../scripts/docs-outputs/list.ts";

const ROOT = join(import.meta.dirname, "../..");
const SIMULATOR = join(ROOT, "apps/simulator");
const FENCE = "```";
const { BITBAKE_DIR, OE_CORE_DIR } = process.env;
const MEANS = { bitbake: Boolean(BITBAKE_DIR && OE_CORE_DIR) && process.getuid?.() !== 0, minutes: false };
const documents = await listDocuments();

describe("what a document shows of a command is what the command prints", { timeout: 60 * 60_000 }, () => {
  it.each(documents)("%s (npm run docs writes it)", async (file) => {
    const { differences, left } = await checkDocument(file, await readFile(join(ROOT, file), "utf8"), MEANS);
    for (const [needs, count] of Object.entries(left))
      process.stdout.write(`skipped: ${count} commands of ${file}, which need ${needs}\n`);
    expect(differences.join("\n")).toBe("");
  });
});

describe("lists of what there is", () => {
  it("the README's synopsis has every command of depid and no other", async () => {
    const blocks = parseBlocks(await readFile(join(ROOT, "README.md"), "utf8"), "README.md");
    const synopsis = blocks.find(({ directive }) => JSON.stringify(directive)?.includes("outputs.test.ts"));
    const found = (synopsis?.lines ?? []).flatMap((line) => /^npx depid ([a-z-]+)/.exec(line)?.[1] ?? []);
    expect([...new Set(found)].sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  });

  it("the README of the simulator has every command and every file", async () => {
    const readme = await readFile(join(SIMULATOR, "README.md"), "utf8");
    const files = (await readdir(join(SIMULATOR, "src"), { withFileTypes: true }))
      .map((it) => (it.isDirectory() ? `${it.name}/` : it.name))
      .filter((it) => !it.endsWith(".test.ts"));
    const rows = [...files, ...COMMANDS.map(({ name }) => name)].map((it) => `\`${it}`);
    expect(rows.filter((it) => !readme.includes(it))).toEqual([]);
  });
});

describe("a block of a document", () => {
  const parse = (...lines: string[]) => parseBlocks(lines.join("\n"), "x.md");

  it("with commands is run, or says why not", () => {
    const block = [`${FENCE}console`, "$ depid", FENCE];
    expect(() => parse("text", ...block)).toThrow(/^x\.md:2: expected <!-- run -->/);
    expect(() => parse("<!-- run -->", "other text", ...block)).toThrow(/^x\.md:3: expected <!-- run -->/);
    expect(() => parse("<!-- not run: -->", ...block)).toThrow(/^x\.md:2: expected <!-- run -->/);
    expect(parse("<!-- not run: no network -->", ...block)[0]?.directive).toEqual({
      kind: "not run",
      reason: "no network",
    });
  });

  it.each([
    ["without a language", [FENCE, "x", FENCE], "x.md:1: a block without language"],
    ["of text, with a command", [`${FENCE}text`, "$ ls", FENCE], "x.md:1: a command in a block of text: $ ls"],
    ["that is indented, with a command", ["", "    npx depid replay"], "x.md:2: a command in indented code"],
    ["that does not end", [`${FENCE}text`, "x"], "x.md:1: a fence without an end"],
    ["of a language that no shell reads", ["<!-- run -->", `${FENCE}ts`, FENCE], "x.md:2: only console and sh"],
    ["with an unknown key", ["<!-- run", "ned: bitbake", "-->"], "x.md:1: ned: bitbake: expected needs, in"],
    ["with an unknown need", ["<!-- run", "needs: luck", "-->"], "x.md:1: needs: luck: expected bitbake or minutes"],
    ["that shows a command without end", ["<!-- shows", "of: ls", "-->", "x"], "x.md:1: expected <!-- end -->"],
  ])("%s is an error", (_, lines, message) => {
    expect(() =>
      parse(...lines, ...(lines.length === 3 && lines[0] === "<!-- run" ? [`${FENCE}sh`, "ls", FENCE] : [])),
    ).toThrow(message);
  });
});

describe("running a document", () => {
  const check = (...lines: string[]) => checkDocument("x.md", lines.join("\n"), { bitbake: false, minutes: false });

  it("goes through one shell, and writes what is printed now where it differs", async () => {
    const document = (first: string, last: string) => [
      "<!-- run",
      "first: mkdir made",
      "-->",
      `${FENCE}console`,
      "$ cd made && echo \\",
      "  a",
      first,
      "$ pwd",
      "/home/…/made",
      FENCE,
      "between",
      "<!-- run",
      "exit: 1",
      "-->",
      `${FENCE}console`,
      "$ echo b; false",
      last,
      FENCE,
      "<!-- shows",
      "of: output 2 | tr a-z A-Z",
      "-->",
      "A",
      "<!-- end -->",
    ];
    const report = await check(...document("A", "B"));
    expect(report.text.split("\n")).toEqual(document("a", "b"));
    expect(report.differences).toEqual([
      "x.md:7: $ cd made && echo \\\n    - A\n    + a",
      "x.md:17: $ echo b; false\n    - B\n    + b",
    ]);
    expect((await check(...document("a", "b"))).differences).toEqual([]);
  });

  it("tells another exit status, and leaves the output of such a command as it was", async () => {
    const lines = ["<!-- run -->", `${FENCE}console`, "$ echo why >&2; exit 3", "as it was", "$ echo", FENCE];
    const report = await check(...lines);
    expect(report.differences[0]).toBe("x.md:3: exit status -1, expected 0: $ echo why >&2; exit 3\n    why");
    expect(report.differences[1]).toBe("x.md:5: exit status -1, expected 0: $ echo");
    expect(report.text).toBe(lines.join("\n"));
  });

  it("leaves what needs BitBake or minutes where they are not given, and counts it", async () => {
    const lines = ["<!-- run", "needs: bitbake", "-->", `${FENCE}console`, "$ false", "x", "$ false", FENCE];
    expect(await check(...lines)).toMatchObject({
      ran: 0,
      left: { bitbake: 2 },
      differences: [],
      text: lines.join("\n"),
    });
  });

  it("leaves the width of a table's columns to the formatter", async () => {
    const table = (cell: string) => [
      "<!-- shows",
      "of: printf '| -: |\\n| 1 |\\n'",
      "-->",
      "|  --: |",
      cell,
      "<!-- end -->",
    ];
    expect((await check(...table("|    1 |"))).differences).toEqual([]);
    expect((await check(...table("|    2 |"))).differences).toHaveLength(1);
  });

  it("refuses a check by a file that is not there", async () => {
    await expect(check("<!-- checked by tests/none.ts -->", `${FENCE}ts`, FENCE)).rejects.toThrow("which is not there");
  });
});

describe("an output held against what is printed", () => {
  it.each([
    ["an ellipsis alone stands for any lines", ["a", "…", "d"], ["a", "b", "c", "d"], ["a", "…", "d"]],
    ["or for none", ["a", "…", "b"], ["a", "b"], ["a", "…", "b"]],
    ["one within a line for any part of it", ["took … s"], ["took 3 s"], ["took … s"]],
    [
      "what changed beside an ellipsis is told and not swallowed",
      ["…", "1 of 5 tasks", "…"],
      ["x", "2 of 5 tasks", "y"],
      ["…", "2 of 5 tasks", "…"],
    ],
    ["ellipses stay where lines around them change", ["a", "…", "c 1"], ["a", "b", "c 2"], ["a", "…", "c 2"]],
    [
      "no ellipsis swallows a line that is still there",
      ["…", "b"],
      ["a", "b", "c", "d", "e"],
      ["…", "b", "c", "d", "e"],
    ],
    ["a new line is told", ["a", "b"], ["a", "n", "b"], ["a", "n", "b"]],
    ["a line that is gone is told", ["a", "b", "c"], ["a", "c"], ["a", "c"]],
    ["nothing is a pattern but the ellipsis", ["a.*"], ["abc"], ["abc"]],
  ])("%s", (_, documented, printed, lines) => {
    const comparison = compareOutput(documented, printed);
    expect(comparison.lines).toEqual(lines);
    expect(comparison.equal).toBe(JSON.stringify(lines) === JSON.stringify(documented));
  });

  it("what varies by run does not count", () => {
    expect(compareOutput(["4.0M a"], ["3.9M a"], [/\d\.\dM/g])).toMatchObject({ equal: true, lines: ["4.0M a"] });
    expect(compareOutput(["4.0M a"], ["3.9M b"], [/\d\.\dM/g])).toMatchObject({ equal: false, lines: ["3.9M b"] });
  });

  it("what is written fits from then on, whatever was there before", () => {
    const line = fc.constantFrom("a", "b", "a b", "a …", "…", "c");
    const printedLine = fc.constantFrom("a", "b", "a b", "a c", "c");
    fc.assert(
      fc.property(fc.array(line), fc.array(printedLine), (documented, printed) => {
        const { lines } = compareOutput(documented, printed);
        expect(compareOutput(lines, printed)).toMatchObject({ equal: true, lines });
      }),
    );
  });
});
