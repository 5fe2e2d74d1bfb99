import { describe, expect, it } from "vitest";
import { loggedBuild, namedTasks, type SummaryRow, summaryOf } from "./console-log.ts";
import { type ConsoleBuild, ConsoleReader } from "./console-reader.ts";

function buildsOf(lines: readonly string[]): readonly ConsoleBuild[] {
  const reader = new ConsoleReader("console.log");
  for (const line of lines) reader.push(line);
  return reader.end();
}

function read(lines: readonly string[]): readonly SummaryRow[] {
  return buildsOf(lines).map((build, at) => summaryOf(build, at + 1));
}

const TODAY =
  "Initialising tasks...Sstate summary: Wanted 14 Local 3 Mirrors 9 Missed 2 Current 5 (85% match, 89% complete)";
const OLD = "Sstate summary: Wanted 100 Found 60 Missed 40 Current 7 (60% match, 62% complete)";
const DONE = "NOTE: Tasks Summary: Attempted 43 tasks of which 29 didn't need to be rerun and all succeeded.";
const FAILED = "NOTE: Tasks Summary: Attempted 28 tasks of which 0 didn't need to be rerun and 1 failed.";
const none = { wanted: null, local: null, mirrors: null, found: null, missed: null, current: null };

describe("a console log", () => {
  it("has what was wanted at the begin of a build, and what ran at its end", () => {
    expect(read(["Parsing recipes...done.", TODAY, "", DONE, "Summary: There was 1 WARNING message."])).toEqual([
      {
        build: 1,
        line: 2,
        wanted: 14,
        local: 3,
        mirrors: 9,
        found: 12,
        missed: 2,
        current: 5,
        attempted: 43,
        skipped: 29,
        failed: 0,
      },
    ]);
  });

  it("of older releases does not tell local objects from those of mirrors", () => {
    expect(read([OLD, FAILED])).toMatchObject([
      {
        wanted: 100,
        local: null,
        mirrors: null,
        found: 60,
        missed: 40,
        current: 7,
        attempted: 28,
        skipped: 0,
        failed: 1,
      },
    ]);
  });

  it("has builds one after another, with and without either line", () => {
    expect(read([DONE, TODAY, TODAY, FAILED, OLD])).toMatchObject([
      { build: 1, line: 1, ...none, attempted: 43 },
      { build: 2, line: 2, wanted: 14, attempted: null },
      { build: 3, line: 3, wanted: 14, attempted: 28, failed: 1 },
      { build: 4, line: 5, wanted: 100, attempted: null, skipped: null, failed: null },
    ]);
  });

  it.each([
    ["a log of something else", ["Summary: There was 1 WARNING message.", "make: *** [all] Error 2"]],
    ["nothing", []],
  ])("that is %s is refused", (_, lines) => {
    expect(() => read(lines)).toThrow("console.log: expected BitBake's console output: no line");
  });

  const done = (apostrophe: string) =>
    `NOTE: Tasks Summary: Attempted 43 tasks of which 29 didn${apostrophe}t need to be rerun and 2 failed.`;
  it.each([
    ["as HTML", `<b>NOTE</b>: ${done("&apos;").slice(6)}`],
    ["as HTML with numbers of characters", done("&#39;")],
    ["as HTML with hexadecimal numbers of characters", done("&#x27;")],
    ["as HTML with a typographic apostrophe", `<span class="note">NOTE:</span>${done("&rsquo;").slice(5)}</span>`],
    ["as HTML without line ends", `<pre>NOTE: Executing Tasks<br/>${done("'")}<BR></pre>`],
    ["with a typographic apostrophe", done("\u2019")],
    ["with another typographic apostrophe", done("\u2018")],
    ["with spaces that do not break", done("'").replaceAll(" ", "\u00a0")],
    ["in bytes of another character set", done("\ufffd")],
    ["in bytes read as another character set", done("\u00e2\u20ac\u2122")],
    ["quoted in a mail", `> > ${done("'")}`],
    ["with the time before", `2024-03-01T10:00:00.123Z ${done("'")}`],
    ["in colours", `\u001b[1;32mNOTE\u001b[0m: ${done("'").slice(6)}`],
  ])("kept %s has the same counts", (_, line) => {
    expect(read([line])).toMatchObject([{ attempted: 43, skipped: 29, failed: 2 }]);
  });

  it("that is cut off has unknowns, and no zeros", () => {
    const [build] = buildsOf([TODAY, "NOTE: Executing Tasks", "NOTE: Running task 1 of 9 (/m/a_1.bb:do_fetch)"]);
    expect(loggedBuild(build as ConsoleBuild, 1)).toMatchObject({
      wanted: 14,
      attempted: null,
      skipped: null,
      failed: null,
      executed: 1,
      finished: false,
      unknown: expect.arrayContaining([expect.stringContaining("it stops before the build does")]),
    });
  });

  it("of a terminal does not say which tasks ran, so none is counted", () => {
    const [build] = buildsOf([TODAY, DONE]);
    expect(loggedBuild(build as ConsoleBuild, 1)).toMatchObject({ attempted: 43, executed: null, restored: null });
  });

  it("names tasks, and depids that changed in mid-build", () => {
    const [a, b] = ["a".repeat(64), "b".repeat(64)];
    const [build] = buildsOf([
      "NOTE: Executing Tasks",
      "NOTE: Running setscene task 1 of 2 (/m/a_1.bb:do_package_setscene)",
      "NOTE: Running noexec task 2 of 3 (/m/b_1.bb:do_build)",
      "NOTE: Running task 3 of 3 (/m/b_1.bb:do_compile)",
      `Task /m/a_1.bb:do_package unihash changed to ${b}`,
      `VERBOSE: Task mc:x:/m/b_1.bb:do_compile unihash changed ${a} -> ${b} as wanted`,
      "Task /m/c_1.bb:do_package unihash changed to nothing of the kind",
    ]);
    expect([...namedTasks(build as ConsoleBuild, 1)].map(({ task, how }) => [task, how])).toEqual([
      ["/m/a_1.bb:do_package", "restored"],
      ["/m/b_1.bb:do_compile", "executed"],
      ["/m/b_1.bb:do_build", "noexec"],
    ]);
    expect(build?.depids).toEqual([
      { line: 5, task: "/m/a_1.bb:do_package", before: null, after: b },
      { line: 6, task: "mc:x:/m/b_1.bb:do_compile", before: a, after: b },
    ]);
  });
});
