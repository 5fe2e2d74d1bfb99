import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { isInstalled, type ProgramName, RUN } from "./programs.ts";

let bin: string;
let folder: string;
beforeAll(async () => {
  bin = mkdtempSync(join(tmpdir(), "depid-bin-"));
  folder = mkdtempSync(join(tmpdir(), "depid-tab-"));
  for (const program of Object.keys(RUN) as ProgramName[]) {
    writeFileSync(join(bin, program), IN_PLACE);
    chmodSync(join(bin, program), 0o755);
    for (const shell of Object.keys(SHELLS))
      writeFileSync(scriptOf(program, shell), await print(program, "completion", shell));
  }
  writeFileSync(join(folder, "grown.log"), "");
  writeFileSync(join(folder, "a file.log"), "");
  mkdirSync(join(folder, "build"));
});
afterAll(() => {
  for (const it of [bin, folder]) rmSync(it, { recursive: true });
});

/** In place of a program: notes the words that it is called with, and answers what is known by then. */
const IN_PLACE = `#!/bin/sh
printf '%s\\0' "$@" >"$ASKED"
cat "$ANSWER"
`;

/** What a program prints, run within this process. */
async function print(program: ProgramName, ...args: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line) => lines.push(line));
  await RUN[program](...args).finally(() => log.mockRestore());
  return lines.map((it) => `${it}\n`).join("");
}

/** The file with the script of a program for a shell. */
function scriptOf(program: ProgramName, shell: string): string {
  return join(bin, `${program}.${shell}`);
}

/** Has a shell complete a line: once to hear what it asks the program, which this process then answers, and once with the answer. */
async function ask(shell: string, program: ProgramName, words: readonly string[]) {
  const [asked, answer] = [join(bin, "asked"), join(bin, "answer")];
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    ASKED: asked,
    ANSWER: answer,
  };
  const complete = () =>
    spawnSync(shell, SHELLS[shell]?.(program, words) ?? [], { cwd: folder, encoding: "utf8", env });
  writeFileSync(answer, "");
  complete();
  writeFileSync(answer, await print(program, ...readFileSync(asked, "utf8").split("\0").slice(0, -1)));
  rmSync(asked);
  return complete();
}

/** How a shell is asked what it would offer for a line, without anybody at the keyboard. @returns a value a line */
const SHELLS: Readonly<Record<string, (program: ProgramName, words: readonly string[]) => readonly string[]>> = {
  // Twice, as by somebody who has changed their .bashrc and reads it again.
  bash: (program, words) => [
    "--norc",
    "--noprofile",
    "-c",
    `. "$1"; . "$1"; shift
     COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=\${#COMP_LINE}
     set -- $(complete -p "$1")
     while [ "$1" != -F ]; do shift; done
     "$2" && printf '%s\\n' "\${COMPREPLY[@]}"`,
    "bash",
    scriptOf(program, "bash"),
    program,
    ...words,
  ],
  // What zsh would list: the parts of its own that only work at a prompt say what they were given.
  zsh: (program, words) => [
    "-f",
    "-c",
    `compdef() { handler=$1 }
     _describe() { local list=\${@[(r)completions]}; (( \${#completions} )) || return 1
       for it in $completions; do [[ $it == \${words[-1]}* ]] && print -r -- \${it%%:*}; done; return 0 }
     _arguments() { [[ $1 == *_files* ]] && print -rl -- \${words[-1]}*(N) }
     . "$1"; . "$1"; shift
     words=("$@"); CURRENT=$#; $handler`,
    "zsh",
    scriptOf(program, "zsh"),
    program,
    ...words,
  ],
  fish: (program, words) => [
    "--no-config",
    "-c",
    `source $argv[1]; complete -C "$argv[2]" | string replace -r '\\t.*' ''`,
    scriptOf(program, "fish"),
    [program, ...words].join(" "),
  ],
};

const ROWS: readonly [ProgramName, readonly string[], readonly string[]][] = [
  ["depid", ["d"], ["doctor", "diff"]],
  ["depid", ["import", "s"], ["sigdata", "sstate", "stamps"]],
  ["depid", ["replay", "--bu"], ["--builder"]],
  ["depid", ["replay", "--builder", ""], ["fresh", "persistent"]],
  ["depid", ["import", "log", "gr"], ["grown.log"]],
  ["depid", ["import", "stamps", "-o", "bu"], ["build"]],
  ["depid", ["completion", ""], ["bash", "zsh", "fish"]],
  ["depid-hashserv", ["--dur"], ["--durability"]],
  ["depid-hashserv", ["--durability", ""], ["normal", "full", "off"]],
  ["depid-hashserv", ["--log", ""], ["ERROR", "WARNING", "INFO", "DEBUG"]],
  ["depid-hashserv", ["--log-format", "j"], ["json"]],
  ["depid-hashserv", ["--tls-cert", "gr"], ["grown.log"]],
  ["depid-hashclient", ["gc-m"], ["gc-mark", "gc-mark-stream"]],
  ["depid-hashclient", ["gc-mark", "--wh"], ["--where"]],
  ["depid-hashclient", ["--log", "W"], ["WARNING"]],
  ["depid-hashclient", ["--tls-ca", "gr"], ["grown.log"]],
];

describe.each(Object.keys(SHELLS))("%s", (shell) => {
  it.skipIf(!isInstalled(shell)).each(ROWS)("of %s %j offers %j", async (program, words, offered) => {
    const { stdout, stderr } = await ask(shell, program, words);
    expect(stderr).toBe("");
    // fish puts a slash behind a folder itself.
    const lines = stdout.split("\n").map((it) => it.replace(/\/$/, ""));
    expect(lines.filter((it) => it !== "").sort()).toEqual([...offered].sort());
  });
});

describe("bash", () => {
  const offered = async (program: ProgramName, words: readonly string[]) =>
    (await ask("bash", program, words)).stdout.trimEnd().split("\n");

  it("has cut --builder=p and host:port into words of its own, and takes its answer in place of the last", async () => {
    expect(await offered("depid", ["replay", "--builder", "=", "p"])).toEqual(["persistent"]);
    expect(await offered("depid", ["replay", "--builder", "="])).toEqual(["fresh", "persistent"]);
    expect(await offered("depid", ["verify", "x", "3", "=", "gr"])).toEqual(["grown.log"]);
  });

  it("offers a name with a blank as one", async () => {
    expect(await offered("depid", ["import", "log", "a"])).toEqual(["a file.log"]);
  });

  it("carries out nothing of the line", async () => {
    await offered("depid", ["diff", "$(touch made)", "`touch made`", ""]);
    expect(readdirSync(folder)).not.toContain("made");
  });

  it("offers no files in place of a flag or a command", async () => {
    expect(await offered("depid", ["replay", "--nosuch"])).toEqual([""]);
  });
});

it("every program is tried", () => {
  expect(new Set(ROWS.map(([program]) => program))).toEqual(new Set(Object.keys(RUN)));
});
