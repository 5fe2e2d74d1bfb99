import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installPrograms, isInstalled, PROGRAMS, type ProgramName } from "./programs.ts";

let bin: string;
let folder: string;
const scripts = new Map<string, string>();
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), "depid-bin-"));
  folder = mkdtempSync(join(tmpdir(), "depid-tab-"));
  installPrograms(bin);
  writeFileSync(join(folder, "grown.log"), "");
  writeFileSync(join(folder, "a file.log"), "");
  mkdirSync(join(folder, "build"));
});
afterAll(() => {
  for (const it of [bin, folder]) rmSync(it, { recursive: true });
});

function run(command: string, args: readonly string[]) {
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, HOME: folder, XDG_CONFIG_HOME: folder };
  return spawnSync(command, args, { cwd: folder, encoding: "utf8", env });
}

/** The file with the script of a program for a shell. */
function scriptOf(program: ProgramName, shell: string): string {
  const key = `${program}.${shell}`;
  const known = scripts.get(key);
  if (known !== undefined) return known;
  const { stdout, stderr, status } = run(program, ["completion", shell]);
  expect([stderr, status]).toEqual(["", 0]);
  const file = join(bin, key);
  writeFileSync(file, stdout);
  scripts.set(key, file);
  return file;
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

/** Each asks the program again, which takes its time: bash is asked all, the scripts of the others one of each kind. */
const KINDS = ROWS.filter((_, i) => [1, 2, 3, 4, 8, 15].includes(i));

describe.each(Object.keys(SHELLS))("%s", (shell) => {
  it.skipIf(!isInstalled(shell)).each(shell === "bash" ? ROWS : KINDS)(
    "of %s %j offers %j",
    (program, words, offered) => {
      const { stdout, stderr } = run(shell, SHELLS[shell]?.(program, words) ?? []);
      expect(stderr).toBe("");
      // fish puts a slash behind a folder itself.
      const lines = stdout.split("\n").map((it) => it.replace(/\/$/, ""));
      expect(lines.filter((it) => it !== "").sort()).toEqual([...offered].sort());
    },
  );
});

describe("bash", () => {
  const offered = (program: ProgramName, words: readonly string[]) =>
    run("bash", SHELLS.bash?.(program, words) ?? [])
      .stdout.trimEnd()
      .split("\n");

  it("has cut --builder=p and host:port into words of its own, and takes its answer in place of the last", () => {
    expect(offered("depid", ["replay", "--builder", "=", "p"])).toEqual(["persistent"]);
    expect(offered("depid", ["replay", "--builder", "="])).toEqual(["fresh", "persistent"]);
    expect(offered("depid", ["verify", "x", "3", "=", "gr"])).toEqual(["grown.log"]);
  });

  it("offers a name with a blank as one", () => {
    expect(offered("depid", ["import", "log", "a"])).toEqual(["a file.log"]);
  });

  it("carries out nothing of the line", () => {
    offered("depid", ["diff", "$(touch made)", "`touch made`", ""]);
    expect(run("ls", []).stdout).not.toContain("made");
  });

  it("offers no files in place of a flag or a command", () => {
    expect(offered("depid", ["replay", "--nosuch"])).toEqual([""]);
  });
});

it("every program is tried", () => {
  expect(new Set(ROWS.map(([program]) => program))).toEqual(new Set(Object.keys(PROGRAMS)));
});
