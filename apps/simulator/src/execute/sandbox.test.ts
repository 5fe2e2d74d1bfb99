import { mkdir, mkdtemp, readdir, readFile, rm, watch, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { canCutNetwork, runSandboxed, type SandboxedCommand, type SandboxLimits } from "./sandbox.ts";

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "depid-sandbox-"));
});
afterEach(() => rm(place, { recursive: true, force: true }));

function run(command: Partial<SandboxedCommand>, limits: Partial<SandboxLimits> = {}) {
  return runSandboxed(
    { run: ":", variables: {}, files: {}, inputs: new Map(), ...command },
    { seconds: 60, cutsNetwork: false, signal: new AbortController().signal, ...limits },
    place,
  );
}

async function written(command: Partial<SandboxedCommand>, limits: Partial<SandboxLimits> = {}): Promise<string> {
  const result = await run(command, limits);
  if ("problem" in result) throw new Error(result.problem);
  return readFile(join(result.output, "x"), "utf8");
}

const cutsNetwork = await canCutNetwork();

describe("a command in its sandbox", () => {
  it("sees the variables that it is given, and none of whoever runs it", async () => {
    process.env.DEPID_SECRET = "secret";
    try {
      const text = await written({ run: 'env > "$D/x"', variables: { CFLAGS: "-O2", "not-a-name": "x" } });
      const names = text.split("\n").flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []);
      const own = ["CFLAGS", "D", "HOME", "LC_ALL", "PATH", "SOURCE_DATE_EPOCH", "TZ", "WORKDIR"];
      expect(names.filter((it) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(it)).sort()).toEqual(own);
    } finally {
      delete process.env.DEPID_SECRET;
    }
  });

  it("has its files and copies of its inputs, and what it does to these nobody else sees", async () => {
    const input = join(place, "input");
    await mkdir(input);
    await writeFile(join(input, "a"), "one\n");
    const text = await written({
      run: 'cat files/sub/b inputs/lib:do_x/a > "$D/x"; echo two >> inputs/lib:do_x/a',
      files: { "sub/b": "zero\n" },
      inputs: new Map([["lib:do_x", input]]),
    });
    expect([text, await readFile(join(input, "a"), "utf8")]).toEqual(["zero\none\n", "one\n"]);
  });

  it.each(["../x", "sub/../../x", "."])("is not run with a file named %s", async (name) => {
    expect(await run({ run: "exit 1", files: { [name]: "x" } })).toEqual({
      problem: `its file "${name}": expected a name within files/`,
    });
    expect(await readdir(place)).toEqual([]);
  });

  it("reads nothing from stdin", async () => {
    expect(await written({ run: 'cat > "$D/x"' })).toBe("");
  });

  it.each<[string, string, string]>([
    [
      "fails",
      "echo before >&2; echo and why >&2; false; echo after >&2",
      "its command ended with status 1; stderr: before | and why",
    ],
    ["names a variable that is not set", 'echo "$NOWHERE"', "NOWHERE"],
    ["is none", "no-such-program", "its command ended with status 127; stderr: "],
    ["says nothing and fails", "exit 3", "its command ended with status 3; stderr is empty"],
  ])("that %s is told with its status and stderr, and leaves nothing", async (_what, text, problem) => {
    expect(await run({ run: text })).toEqual({ problem: expect.stringContaining(problem) });
    expect(await readdir(place)).toEqual([]);
  });

  it("does not leave anything running", async () => {
    expect(await written({ run: 'sleep 1000000 & echo done > "$D/x"' })).toBe("done\n");
  });

  it("that takes too long is ended, with all that it started", async () => {
    const result = await run({ run: "sleep 1000000 & sleep 1000000" }, { seconds: 1 });
    expect(result).toEqual({ problem: "its command took more than 1 s and was ended; stderr is empty" });
  });

  it("is ended when the program is to end", async () => {
    const controller = new AbortController();
    const changes = watch(place);
    const running = run({ run: ": > ../started; sleep 1000000" }, { signal: controller.signal });
    for await (const { filename } of changes) if (filename === "started") break;
    controller.abort(new Error("ended by SIGINT"));
    await expect(running).rejects.toThrow("ended by SIGINT");
  });

  it("is not begun when the program is about to end", async () => {
    const running = run({ run: "sleep 1000000" }, { signal: AbortSignal.abort(new Error("ended by SIGINT")) });
    await expect(running).rejects.toThrow("ended by SIGINT");
  });

  it.skipIf(!cutsNetwork)("has no network but a loopback that is down", async () => {
    const text = await written({ run: 'cat /proc/self/net/dev > "$D/x"' }, { cutsNetwork: true });
    expect([...text.matchAll(/^ *(\w+):/gm)].map(([, name]) => name)).toEqual(["lo"]);
  });
});
