import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const REPOSITORY = join(import.meta.dirname, "../../..");
const PROGRAMS = {
  depid: "apps/simulator/src/main.ts",
  "depid-hashserv": "apps/hashserv/src/main.ts",
  "depid-hashclient": "apps/hashserv/src/client/main.ts",
} as const;
type Name = keyof typeof PROGRAMS;

function run(program: Name, args: readonly string[], { stdout = "pipe" as "pipe" | number } = {}) {
  const options = ["--conditions=@depid/source", "--import", "tsx", PROGRAMS[program], ...args];
  return spawnSync(process.execPath, options, {
    cwd: REPOSITORY,
    encoding: "utf8",
    stdio: ["ignore", stdout, "pipe"],
  });
}

const names = Object.keys(PROGRAMS) as Name[];

describe("output that cannot be written is one line and exit status 2", () => {
  it.each(names)("%s on a full disk", (program) => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = run(program, ["--help"], { stdout: full });
    closeSync(full);
    expect(stderr).toBe(`${program}: stdout cannot be written: no space left on the device\n`);
    expect(status).toBe(2);
  });

  it.each(names)("%s into a pipe that nobody reads", (program) => {
    const line = `"$0" --conditions=@depid/source --import tsx ${PROGRAMS[program]} --help | true; exit \${PIPESTATUS[0]}`;
    const { status, stderr } = spawnSync("bash", ["-c", line, process.execPath], { cwd: REPOSITORY, encoding: "utf8" });
    expect(stderr).toBe(`${program}: stdout cannot be written: nobody reads it\n`);
    expect(status).toBe(2);
  });

  it.each(names)("%s whose reader has seen enough ends quietly", (program) => {
    const line = `"$0" --conditions=@depid/source --import tsx ${PROGRAMS[program]} --help | head -c 1; exit \${PIPESTATUS[0]}`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", line, process.execPath], {
      cwd: REPOSITORY,
      encoding: "utf8",
    });
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
