import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CASES, runDepid } from "../testing/run-depid.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-cases-"));
  for (const name of ["a", "b"]) {
    await mkdir(join(folder, name, "usr/bin"), { recursive: true });
    await writeFile(join(folder, name, "usr/bin/m4"), `binary ${name}`);
    await writeFile(join(folder, name, "usr/m4.txt"), "text");
    await symlink("m4", join(folder, name, "usr/bin/gm4"));
  }
  await mkdir(join(folder, "sstate"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("one taskhash with two outhashes (case 11)", () => {
  it("doctor names the files that differ, and who reported them", async () => {
    const database = join(CASES, "11-diverging-outhash/diverge.db");
    const { stdout } = await runDepid("doctor", join(folder, "sstate"), "--hashserv", database);
    expect(stdout).toContain("differs ./usr/bin/m4 (hash), by host-x86 and host-arm");
    expect(stdout).not.toContain("m4.txt");
    expect(stdout).not.toContain("find out what differs");
  });
});

describe("depid outhash", () => {
  it("does not see a program where interfaces are hashed", async () => {
    const against = [join(folder, "a"), "--against", join(folder, "b")];
    const whole = await runDepid("outhash", ...against);
    const interfaces = await runDepid("outhash", ...against, "--method", "basic+interface");
    expect([whole.status, interfaces.status]).toEqual([1, 0]);
    expect(interfaces.stdout).toContain("assumed: BitBake of today hashes by basic, not by basic+interface");
  });

  it("prints the text that is hashed, and its hash", async () => {
    const { status, stdout } = await runDepid(
      "outhash",
      join(folder, "a"),
      "--pkgspec",
      "sstate:m4:",
      "--hash-version",
      "18",
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^outhash [0-9a-f]{64}\n\nOEOuthashBasic\n18\nSSTATE_PKGSPEC=sstate:m4:\ntask=populate_sysroot\nd/,
    );
    expect(stdout).toContain(" ./usr/bin/gm4 -> m4\n");
  });

  it("against another folder names what differs; exit status 1", async () => {
    const { status, stdout } = await runDepid("outhash", join(folder, "a"), "--against", join(folder, "b"));
    expect([status, stdout]).toEqual([1, expect.stringContaining("1 difference:\n  ./usr/bin/m4 (hash)\n    - -rw")]);
  });

  it("against the text of the same output, as temp/depsig.do_<task> has it, finds nothing", async () => {
    const json = await runDepid("outhash", join(folder, "a"), "--json");
    const text = join(folder, "depsig.do_populate_sysroot");
    await writeFile(text, JSON.parse(json.stdout).text);
    const { status, stdout } = await runDepid("outhash", join(folder, "a"), "--against", text);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^the same outhash /)]);
  });

  it("by a method that sees other files only finds nothing, and says that BitBake hashes otherwise", async () => {
    const against = ["outhash", join(folder, "a"), "--against", join(folder, "b"), "--method"];
    const { status, stdout } = await runDepid(...against, "basic+files=*.h");
    expect([status, stdout]).toEqual([0, expect.stringContaining("assumed: BitBake of today hashes by basic")]);
    expect((await runDepid(...against, "basic+files=./usr/bin/*")).status).toBe(1);
    const wrong = await runDepid(...against, "abi");
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("expected basic or 2018, with")]);
  });

  it("of a folder without files says so", async () => {
    await mkdir(join(folder, "empty"));
    const { status, stdout } = await runDepid("outhash", join(folder, "empty"));
    expect([status, stdout]).toEqual([0, expect.stringContaining("which holds no file")]);
    expect((await runDepid("outhash", join(folder, "a"))).stdout).not.toContain("which holds no file");
  });

  it("of a file that is no text of an output is refused", async () => {
    await writeFile(join(folder, "x"), "garbage");
    const { status, stdout, stderr } = await runDepid("outhash", join(folder, "x"));
    expect([status, stdout, stderr]).toEqual([
      2,
      "",
      expect.stringMatching(/^depid: .*x: expected a folder, or a text/),
    ]);
  });

  it("of a folder that is not there is refused", async () => {
    const { status, stderr } = await runDepid("outhash", join(folder, "no"));
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^depid: .*no/)]);
  });
});
