import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "./command.ts";

const FIXTURES = fileURLToPath(new URL("../../../fixtures/", import.meta.url));
const VECTOR = `${FIXTURES}outhash/o01-empty.json`;
const SCENARIO = `${FIXTURES}runqueue/h01-first-and-again.json`;
const CONVERSATION = `${FIXTURES}hashserv/transcripts/handshake.jsonl`;
const TASK = {
  tid: "a.bb:do_x",
  pn: "a",
  task: "do_x",
  version: ":1-r0",
  basehash: "a".repeat(64),
  hashdeps: [],
  execdeps: [],
  files: [],
  setscene: false,
  nostamp: false,
  stamp: "s/a/1",
  hashfn: "",
};
// What `printf %s <64 times a> | sha256sum` says of the one task, then of the line made of it.
const TASKHASHES = "d48b0536487d116e0234afe594e7ca6b84581e74f3bde152e6b21bc82f298234";
const HISTORY = [
  { format: "depid-history/1" },
  {
    step: 0,
    id: "c0ffee",
    date: "2026-01-01T00:00:00Z",
    commits: [],
    upsert: [TASK],
    remove: [],
    expect: { tasks: 1, taskhashes: TASKHASHES },
  },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join("");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-conformance-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** A copy of a recording in which one text is replaced. */
async function alter(recording: string, name: string, text: string | RegExp, by: string): Promise<string> {
  const before = await readFile(recording, "utf8");
  const after = before.replace(text, by);
  expect(after).not.toBe(before);
  return put(name, after);
}

/** Exit code and lines, with the folder's name taken out. */
async function run(...args: readonly string[]) {
  const [out, error]: [string[], string[]] = [[], []];
  const shown = (line: string) => line.replaceAll(`${folder}/`, "").replaceAll(folder, "FOLDER");
  const code = await runCommand(args, {
    out: (line) => out.push(shown(line)),
    error: (line) => error.push(shown(line)),
    colours: false,
  });
  return { code, out, error };
}

describe("npm run conformance", () => {
  it("tells recordings apart by content and says what each comes to", async () => {
    await copyFile(VECTOR, join(folder, "v"));
    await copyFile(SCENARIO, join(folder, "s.txt"));
    await copyFile(CONVERSATION, join(folder, "c.json"));
    await put("deep/h.gz", gzipSync(HISTORY));
    await put("deep/g", HISTORY);
    expect(await run(folder)).toEqual({
      code: 0,
      out: [
        "agrees  c.json",
        "agrees  deep/g",
        "agrees  deep/h.gz",
        "agrees  s.txt",
        "agrees  v",
        "5 passed, 0 failed, 0 skipped",
      ],
      error: [],
    });
  });

  it("passes over what is no recording in a folder", async () => {
    await put("README.md", "# Recordings\n");
    await put("package.json", '{\n  "name": "x"\n}\n');
    await put("log.jsonl", '{"event": 1}\n{"event": 2}\n');
    await put("data.gz", gzipSync("text"));
    await put("empty", "");
    await put(".hidden/v", await readFile(VECTOR));
    expect(await run(folder)).toEqual({ code: 2, out: [], error: ["FOLDER: no recordings in this folder"] });
    await copyFile(VECTOR, join(folder, "v"));
    expect((await run(folder)).out).toEqual(["agrees  v", "1 passed, 0 failed, 0 skipped"]);
  });

  it("checks in the order asked, and no file twice", async () => {
    await copyFile(VECTOR, join(folder, "a"));
    await copyFile(VECTOR, join(folder, "b"));
    const { out } = await run(join(folder, "b"), folder);
    expect(out).toEqual(["agrees  b", "agrees  a", "2 passed, 0 failed, 0 skipped"]);
  });
});

describe("a recording that was altered", () => {
  it.each([
    ["one line of a vector", VECTOR, /drwx /, "dr-x ", /^differs r: line 4 of the siginfo: expected "dr-x /],
    ["the digest of a vector", VECTOR, /"outhash": "[0-9a-f]/, '"outhash": "x', /^r: output hash vector: outhash: /],
    [
      "what a scenario executes",
      SCENARIO,
      /"executed": \[\s*"a:do_fetch", /,
      '"executed": [',
      /^differs r: step 1 .*executed/,
    ],
  ])("%s: is told", async (_what, recording, text, by, line) => {
    const { code, out, error } = await run(await alter(recording, "r", text, by));
    expect([...out.slice(0, -1), ...error]).toEqual([expect.stringMatching(line)]);
    expect(out.at(-1)).toBe("0 passed, 1 failed, 0 skipped");
    expect(code).toBe(error.length > 0 ? 2 : 1);
  });

  it("the digest of a history: is told, and the others are checked all the same", async () => {
    await put("a", HISTORY.replace(TASKHASHES, "0".repeat(64)));
    await put("b", HISTORY);
    const { code, out } = await run(folder);
    expect(code).toBe(1);
    expect(out).toEqual([
      `differs a: step 0 (c0ffee): taskhashes: expected ${"0".repeat(64)}, found ${TASKHASHES}`,
      "agrees  b",
      "1 passed, 1 failed, 0 skipped",
    ]);
  });
});

describe("a server conversation", () => {
  const CONVERSATIONS = `${FIXTURES}hashserv/transcripts/`;

  it("agrees with our server but where that is known to differ, and says so", async () => {
    await copyFile(`${CONVERSATIONS}quirk-upstream-miss.jsonl`, join(folder, "q"));
    expect((await run(join(folder, "q"))).out[0]).toBe("agrees  q: 2 lines differ knowingly, see docs/differences.md");
  });

  it("differs when the server does not start", async () => {
    const { code, out } = await run("--server-cmd", "false", CONVERSATION);
    expect(out[0]).toMatch(/^differs .*: the server ended with 1: $/);
    expect(code).toBe(1);
  });

  it("that was altered is told", async () => {
    const { code, out } = await run(await alter(CONVERSATION, "r", '"alive\\": true', '"alive\\": false'));
    expect(out[0]).toMatch(/^differs r: line \d+: expected \{"alive": false\}, found \{"alive": true\}$/);
    expect(code).toBe(1);
  });

  it("that is none is broken", async () => {
    const { code, error } = await run(await put("r", '{"transcript": 2, "servers": {}}\n'));
    expect({ code, error }).toEqual({ code: 2, error: ["r: transcript: expected version 1, found 2"] });
  });
});

describe("bad input is one line, and exit code 2", () => {
  const gzip = gzipSync(HISTORY);
  it.each([
    ["a truncated history", "h", gzip.subarray(0, 60), /^h: cannot be read: the gzip data end too early/],
    ["a corrupted history", "h", Buffer.concat([gzip.subarray(0, 12), Buffer.alloc(40, 0xff)]), /^h: cannot be read: /],
    ["a history of a format to come", "h", HISTORY.replace("history/1", "history/9"), /^h:1: format: /],
    ["a history with a bad field", "h", HISTORY.replace('"tasks":1', '"tasks":"1"'), /^h:2: expect\.tasks: /],
    [
      "JSON that ends too early",
      "s",
      '{\n "format": 1,\n "tree": [',
      /^s: expected JSON: Unexpected end of JSON input$/,
    ],
    ["a scenario without steps", "s", '{"hash_table": {}, "steps": []}', /^s: run queue scenario: /],
  ])("%s", async (_what, name, content, line) => {
    const { code, out, error } = await run(await put(name, content));
    expect({ code, error }).toEqual({ code: 2, error: [expect.stringMatching(line)] });
    expect(out).toEqual(["0 passed, 1 failed, 0 skipped"]);
  });

  it("a file asked for that is no recording", async () => {
    const { code, error } = await run(await put("README.md", "# Recordings\n"));
    expect({ code, error }).toEqual({
      code: 2,
      error: [expect.stringMatching(/^README\.md: not a recording: expected /)],
    });
  });

  it("a file that is missing", async () => {
    const { code, error } = await run(join(folder, "none"));
    expect({ code, error }).toEqual({ code: 2, error: ["none: no such file or folder"] });
  });

  it.each([
    [[], "expected a file or folder of recordings, found none"],
    [["--jason", "x"], "Unknown option '--jason'"],
    [["--json=yes", "x"], "Option '--json' does not take an argument"],
  ])("arguments %j", async (args, problem) => {
    const { code, out, error } = await run(...args);
    expect({ code, out, error }).toEqual({
      code: 2,
      out: [],
      error: [`${problem}; usage: npm run conformance -- [--json] [--server-cmd CMD] FILE|FOLDER...`],
    });
  });
});

it("--json is one document", async () => {
  await copyFile(VECTOR, join(folder, "a"));
  await copyFile(CONVERSATION, join(folder, "b"));
  await put("c", HISTORY.replace('"tasks":1', '"tasks":2'));
  await put("d", '{"format": 1,');
  const { code, out, error } = await run("--json", folder);
  expect({ code, error }).toEqual({ code: 2, error: [expect.stringMatching(/^d: expected JSON/)] });
  expect(JSON.parse(out.join("\n"))).toEqual({
    format: "depid-conformance/1",
    passed: 2,
    failed: 2,
    skipped: 0,
    recordings: [
      { path: "a", kind: "outhash-vector", verdict: "agrees" },
      { path: "b", kind: "conversation", verdict: "agrees" },
      { path: "c", kind: "history", verdict: "differs", difference: "step 0 (c0ffee): tasks: expected 2, found 1" },
      { path: "d", kind: "unreadable", verdict: "broken", problem: expect.stringMatching(/^d: /) },
    ],
  });
});
