import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { PROGRAMS, type ProgramName, REPOSITORY, RUN } from "./programs.ts";

const FROM_SOURCE = ["--conditions=@depid/source", "--import", "tsx", PROGRAMS.depid];
const names = Object.keys(PROGRAMS) as ProgramName[];

/** Of `depid --help`, read by another program. */
function runInto(reader: string) {
  const line = `"$0" "$@" --help | ${reader}; exit \${PIPESTATUS[0]}`;
  return spawnSync("bash", ["-c", line, process.execPath, ...FROM_SOURCE], {
    cwd: REPOSITORY,
    encoding: "utf8",
  });
}

describe("output that cannot be written is one line and exit status 2", () => {
  it("on a full disk", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [...FROM_SOURCE, "--help"], {
      cwd: REPOSITORY,
      encoding: "utf8",
      stdio: ["ignore", full, "pipe"],
    });
    closeSync(full);
    expect(stderr).toBe("depid: stdout cannot be written: no space left on the device\n");
    expect(status).toBe(2);
  });

  it.each(names)("and the same is on guard in %s", (program) => {
    expect(readFileSync(join(REPOSITORY, PROGRAMS[program]), "utf8")).toContain(`guardStdout("${program}");`);
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
  it.each(names)("of %s has the version and, in a checkout, the commit", async (program) => {
    let stdout = "";
    const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      stdout += text;
      return true;
    });
    await RUN[program]("--version").finally(() => write.mockRestore());
    expect(stdout).toMatch(
      new RegExp(
        `^${program} \\d+\\.\\d+\\.\\d+ \\((?:commit [0-9a-f]{12}(?:-dirty)?|commit unknown: not run from a checkout)\\)\\n$`,
      ),
    );
  });
});
