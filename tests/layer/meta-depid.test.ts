import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCapture } from "@depid/task-graph/fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const LIB = join(import.meta.dirname, "../../layers/meta-depid/lib");
const HAS_PYTHON = spawnSync("python3", ["--version"]).status === 0;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "meta-depid-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function python(...args: string[]) {
  const options = { cwd: LIB, encoding: "utf8", env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } } as const;
  const { status, stdout, stderr } = spawnSync("python3", args, options);
  return { status, text: stdout + stderr };
}

describe("layers/meta-depid", () => {
  beforeEach((context) => context.skip(!HAS_PYTHON, "python3 is not there"));

  it("is Python without mistakes in its syntax", () => {
    const compile = "import ast, pathlib\nfor p in pathlib.Path('.').rglob('*.py'): ast.parse(p.read_text(), str(p))";
    expect(python("-c", compile)).toEqual({ status: 0, text: "" });
  });

  it("passes its own tests", () => {
    const { status, text } = python("-m", "unittest", "depid_capture.test_capture", "depid_capture.test_build_log");
    expect(text).toMatch(/Ran [1-9]\d* tests.*\n\nOK/);
    expect(status).toBe(0);
  });

  it("writes lines that a capture is read from", async () => {
    const hash = (digit: string) => digit.repeat(64);
    const row = {
      tid: "meta/a.bb:do_x",
      pn: "a",
      task: "do_x",
      version: ":1-r0",
      basehash: hash("1"),
      hashdeps: [],
      execdeps: [],
      setscene: true,
      nostamp: false,
      stamp: "all/a/1",
      hashfn: "",
      taskhash: hash("2"),
      depid: hash("2"),
      hashed_depids: [],
      harddeps: ["meta/b.bb:do_y"],
    };
    const variables = [
      ["A", "é\n", ["B"]],
      ["do_x", null, ["A"]],
    ];
    const script = [
      "import json, sys; from depid_capture import capture as c",
      "file, row, variables = sys.argv[1], *map(json.loads, sys.argv[2:])",
      "row['files'] = c.file_rows([('/r/b.patch', '7'), ('/r/dir/./a', None)])",
      "c.write_lines(file, c.capture_lines({'tool': 't'}, c.settings_row(' a->b  c->d', 'target_add_sysroot_deps'), ['u'], [], [(row, variables)]))",
    ].join("\n");
    const file = join(folder, "capture.jsonl.gz");
    expect(python("-c", script, file, JSON.stringify(row), JSON.stringify(variables))).toEqual({ status: 0, text: "" });
    const { header, tasks } = await readCapture(file);
    expect(header).toEqual({
      origin: { tool: "t" },
      unknown: ["u"],
      assumed: [],
      settings: { excludedSysroots: ["a->b", "c->d"], outhashExtra: "oe-core" },
    });
    expect(tasks).toMatchObject([
      {
        tid: "meta/a.bb:do_x",
        taskhash: hash("2"),
        harddeps: ["meta/b.bb:do_y"],
        files: [
          ["./a", null],
          ["b.patch", "7"],
        ],
        variables: [
          { name: "A", value: "é\n", deps: ["B"] },
          { name: "do_x", value: null, deps: ["A"] },
        ],
      },
    ]);
  });
});
