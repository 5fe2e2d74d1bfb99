import { describe, expect, it } from "vitest";
import { ConsoleMismatchReader } from "./console-mismatch.ts";

const [A, B] = ["a".repeat(64), "b".repeat(64)];
const [C, D] = ["72608cf46133892bd90965ab600479f6", "41acf8081776de52d4b8a643f3f33b4f"];
const TASK = "/oe/meta/os-release.bb:do_compile";

function read(...lines: string[]) {
  const reader = new ConsoleMismatchReader();
  for (const line of lines) reader.push(line);
  return reader;
}

const mismatch = `ERROR: Taskhash mismatch ${A} versus ${B} for ${TASK}`;
const reparsed = (task: string, a = A, b = B) =>
  `ERROR: When reparsing ${task}, the basehash value changed from ${a} to ${b}. The metadata is not deterministic and this needs to be fixed.`;

describe("a console log tells of a mismatch", () => {
  it.each([
    ["plainly", [mismatch]],
    ["of the recipe as well", [`ERROR: os-release-1.0-r0 do_compile: ${mismatch.slice(7)}`]],
    ["before 1.48", [mismatch.replace("versus", "verses")]],
    ["with a dot before the task, as before 1.43", [mismatch.replace(":do_", ".do_")]],
    ["with the time before, as GitLab has it", [`2024-03-01T10:00:00.123Z 00O ${mismatch}`]],
    ["as GitHub keeps it", [`2024-03-01T10:00:00.1234567Z ##[error]${mismatch}`]],
    ["as Jenkins keeps it, in colours", [`[2024-03-01T10:00:00.123Z] \u001b[31m${mismatch}\u001b[0m`]],
    ["with Windows line ends", [`${mismatch}\r`]],
    ["with another process right behind", [`${mismatch}NOTE: recipe a-1: task do_x: Started`]],
    ["with another process right before", [`NOTE: Running task 4 of 9 (/home/bmc${mismatch}`]],
    ["in a text with quotes", [`{"text":"${mismatch}\\n"}`]],
    ["broken at blanks by a mailer", mismatch.replace(" versus ", "\n> versus ").replaceAll("> ", "").split("\n")],
    ["broken at 80 columns by a terminal", mismatch.match(/.{1,80}/g) ?? []],
  ])("%s", (_, lines) => {
    expect(read(...lines).mismatches).toMatchObject([
      { tid: TASK, line: 1, claims: [{ hash: "taskhash", server: B, worker: A }] },
    ]);
    expect(read(...lines).unread).toEqual([]);
  });

  it("of an old release, two in a line that another process had begun (openbmc issue 2769)", () => {
    const one = reparsed("/b/os-release.bb.do_compile", C, D);
    const { mismatches } = read(
      `NOTE: Running task 4005 of 4012 (/b/f88f5a8b5d4${one}${one.replace(C, "0".repeat(32))}`,
    );
    expect(mismatches).toEqual([
      {
        tid: "/b/os-release.bb:do_compile",
        line: 1,
        claims: [
          { hash: "basehash", server: C, worker: D },
          { hash: "basehash", server: "0".repeat(32), worker: D },
        ],
      },
    ]);
  });

  it("of variants and multiconfigs", () => {
    const tid = "mc:arm:virtual:native:/x/y_1.0.bb:do_install";
    expect(read(reparsed(tid)).mismatches).toMatchObject([
      { tid, claims: [{ hash: "basehash", server: A, worker: B }] },
    ]);
  });

  it("of the server alone in two lines, as before 2.3", () => {
    const lines = [
      `ERROR: Bitbake's cached basehash does not match the one we just generated (${TASK})!`,
      `ERROR: The mismatched hashes were ${A} and ${B}`,
    ];
    expect(read(...lines).mismatches).toMatchObject([
      { tid: TASK, claims: [{ hash: "basehash", server: A, worker: B }] },
    ]);
  });

  it.each([
    ["in the hash", mismatch.slice(0, 40)],
    ["in the tid", mismatch.slice(0, -12)],
    ["before the hashes", reparsed(TASK).slice(0, 50)],
  ])("that is cut off %s: the line is unread, and no mismatch is not said", (_, line) => {
    expect(read("NOTE: Executing Tasks", line)).toMatchObject({ mismatches: [], unread: [2] });
  });

  it("and nothing where there is none", () => {
    expect(read("NOTE: Executing Tasks", "ERROR: no recipe")).toMatchObject({ mismatches: [], unread: [] });
  });
});
