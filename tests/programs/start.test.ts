import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PROGRAMS, type ProgramName, REPOSITORY } from "./programs.ts";

const fromSource = (program: ProgramName) => ["--conditions=@depid/source", "--import", "tsx", PROGRAMS[program]];

function run(program: ProgramName, args: readonly string[], stdout: "pipe" | number = "pipe") {
  return spawnSync(process.execPath, [...fromSource(program), ...args], {
    cwd: REPOSITORY,
    encoding: "utf8",
    stdio: ["ignore", stdout, "pipe"],
  });
}

const names = Object.keys(PROGRAMS) as ProgramName[];

/** Of `depid --help`, read by another program. */
function runInto(reader: string) {
  const line = `"$0" "$@" --help | ${reader}; exit \${PIPESTATUS[0]}`;
  return spawnSync("bash", ["-c", line, process.execPath, ...fromSource("depid")], {
    cwd: REPOSITORY,
    encoding: "utf8",
  });
}

describe("output that cannot be written is one line and exit status 2", () => {
  it.each(names)("%s on a full disk", (program) => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = run(program, ["--help"], full);
    closeSync(full);
    expect(stderr).toBe(`${program}: stdout cannot be written: no space left on the device\n`);
    expect(status).toBe(2);
  });

  it("a pipe that nobody reads", () => {
    const { status, stderr } = runInto("true");
    expect(stderr).toBe("depid: stdout cannot be written: nobody reads it\n");
    expect(status).toBe(2);
  });

  it("but a reader that has seen enough ends the program quietly", () => {
    const { status, stdout, stderr } = runInto("head -c 1");
    expect([status, stdout.length, stderr]).toEqual([0, 1, ""]);
  });
});

describe("--version", () => {
  it.each(names)("of %s has the version and, in a checkout, the commit", (program) => {
    const { stdout, status } = run(program, ["--version"]);
    expect(stdout).toMatch(
      new RegExp(
        `^${program} \\d+\\.\\d+\\.\\d+ \\((?:commit [0-9a-f]{12}(?:-dirty)?|commit unknown: not run from a checkout)\\)\\n$`,
      ),
    );
    expect(status).toBe(0);
  });
});
