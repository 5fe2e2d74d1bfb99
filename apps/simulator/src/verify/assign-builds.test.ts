import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { History } from "@depid/task-graph";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assignBuilds } from "./assign-builds.ts";

const COMMIT = "0123456789".repeat(4);
const IDS = ["begin.jsonl.gz", "comment-reworded.jsonl.gz", "output-changed", COMMIT];
const HISTORY: History = {
  header: {},
  steps: IDS.map((id, step) => ({
    step,
    id,
    date: "",
    commits: [{ id, title: "" }],
    change: { upsert: [], remove: [] },
    expect: { tasks: 0, taskhashes: "" },
  })),
} as unknown as History;
const BUILD = '{"executed": [], "restored": []}';
const LOG = '{"format":"depid-build/1","tool":"","machine":"","handler":"","target":"","started":""}\n';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-assign-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes the files, whose names may stand behind `STEP=`; relative ones are below the folder. */
async function assign(specs: readonly string[], text = BUILD) {
  const paths: string[] = [];
  for (const spec of specs) {
    const at = spec.indexOf("=") + 1;
    const path = join(folder, spec.slice(at));
    if (!spec.includes("missing")) await writeFile(path, text);
    paths.push(spec.slice(0, at) + path);
  }
  return (await assignBuilds(paths, HISTORY)).map(({ step, by, record: { source } }) => [
    step,
    by,
    source.replace(`${folder}/`, ""),
  ]);
}

describe("the step of a recorded build is told by", () => {
  it.each<[string, string[], [number, string][]]>([
    ["its number before the path", ["1=log"], [[1, "given"]]],
    ["its id before the path", ["output-changed=log"], [[2, "given"]]],
    ["the beginning of its id, from 7 characters on", ["comment=log"], [[1, "given"]]],
    ["the beginning of its commit", ["0123456=log"], [[3, "given"]]],
    ["its number as the file's name", ["02.console.log"], [[2, "name"]]],
    ["its id as the file's name, both up to the first dot", ["comment-reworded.build.jsonl"], [[1, "name"]]],
    ["its commit as the file's name", [`${COMMIT}.json`], [[3, "name"]]],
    [
      "the order, from the second step on",
      ["a", "b"],
      [
        [1, "order"],
        [2, "order"],
      ],
    ],
    [
      "the order, from the first if there is one for each",
      ["a", "b", "c", "d"],
      [
        [0, "order"],
        [1, "order"],
        [2, "order"],
        [3, "order"],
      ],
    ],
    [
      "what stands before the path, for some, and names for others",
      ["1=log", "2.log"],
      [
        [1, "given"],
        [2, "name"],
      ],
    ],
  ])("%s", async (_what, specs, expected) => {
    expect((await assign(specs)).map(([step, by]) => [step, by])).toEqual(expected);
  });

  it("what stands before a path that tells of several builds: each says which it is", async () => {
    expect(await assign(["2=log"], LOG + LOG)).toEqual([
      [2, "given", "log (1)"],
      [2, "given", "log (2)"],
    ]);
  });
});

it("a path may have an equals sign in it", async () => {
  expect(await assignBuilds([await put("a=b.log")], HISTORY)).toMatchObject([{ step: 1, by: "order" }]);

  async function put(name: string): Promise<string> {
    await writeFile(join(folder, name), BUILD);
    return join(folder, name);
  }
});

describe("a recorded build is refused", () => {
  const EXPECTED = "expected the number of a step, 0 to 3, or the beginning of its id or of one of its commits, found";
  it.each<[string, string[], string]>([
    ["of a step that is not there", ["7=log"], `${EXPECTED} 7`],
    ["of an id that is not there", ["comet=log"], `${EXPECTED} comet`],
    ["that cannot be read", ["missing"], "missing: cannot be read: no such file or directory"],
    ["whose name tells no step beside one that does", ["1.log", "log"], "its name tells no step of the history"],
    ["without a step beside one with", ["1=a", "log"], "expected STEP=PATH, as for the other builds"],
    [
      "beyond the last step",
      ["a", "b", "c", "d", "e"],
      "5 builds in order, but the history has 4 steps; expected STEP=PATH",
    ],
  ])("%s", async (_what, specs, message) => {
    await expect(assign(specs)).rejects.toThrow(message);
  });
});
