import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadBuild } from "@depid/bitbake/fs";
import { compareCaptures, type TaskChange } from "@depid/compare";
import { expect, it } from "vitest";
import { timeLimit } from "../time-limit.ts";
import { writeMiniBuild, writeMiniLayer } from "./meta-mini/mini-layer.ts";

/**
 * `depid diff` against BitBake's own comparison of two signature files, for every task that changed. With SIGDATA_BEFORE and
 * SIGDATA_AFTER, folders of signature files, for the tasks of those builds instead of a layer of a few lines.
 */
const { BITBAKE_DIR: BITBAKE, SIGDATA_BEFORE: BEFORE, SIGDATA_AFTER: AFTER } = process.env;
const MINUTES = timeLimit(60);

it("depid diff finds in each changed task what BitBake's comparison of signature files finds", {
  timeout: 10 * MINUTES,
}, async (context) => {
  context.skip(BITBAKE === undefined, "BITBAKE_DIR names no checkout of BitBake");
  const folder = await mkdtemp(join(tmpdir(), "diffsigs-"));
  try {
    const [before, after] = BEFORE !== undefined && AFTER !== undefined ? [BEFORE, AFTER] : await buildTwice(folder);
    const { changed } = compareCaptures(await loadBuild(before), await loadBuild(after));
    const files = [await findFiles(before), await findFiles(after)] as const;
    const pairs = changed.map(({ before, after }) => [files[0].get(keyOf(before)), files[1].get(keyOf(after))]);
    const theirs = compareByBitbake(pairs as [string, string][]);
    expect(changed.map((task, i) => [task.name, findingsOf(theirs[i] ?? [])])).toEqual(
      changed.map((task) => [task.name, ownFindings(task)]),
    );
    const words = new Set(changed.flatMap(ownFindings).map((it) => it.split(" ")[0]));
    if (BEFORE === undefined)
      expect([...words].sort()).toEqual(["checksum", "depends", "hash", "taint", "value", "variable"]);
    process.stdout.write(`${changed.length} changed tasks compared with BitBake\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Two builds of a small layer, with edits between. @returns their folders of signature files */
async function buildTwice(folder: string): Promise<[string, string]> {
  const [layer, build] = [join(folder, "mini"), join(folder, "build")];
  await writeMiniLayer(layer);
  await writeMiniBuild(build, [layer], []);
  const run = async (name: string) => {
    const env = { ...process.env, PATH: `${BITBAKE}/bin:${process.env.PATH}`, BB_SERVER_TIMEOUT: "0" };
    const { status, stdout, stderr } = spawnSync("bitbake", ["-S", "none", "top"], {
      cwd: build,
      encoding: "utf8",
      env,
    });
    expect(status, stdout + stderr).toBe(0);
    await cp(join(build, "tmp/stamps"), join(folder, name), { recursive: true });
    await rm(join(build, "tmp/stamps"), { recursive: true });
    return join(folder, name);
  };
  const before = await run("before");
  const edit = async (file: string, from: string, to: string) => {
    const path = join(layer, file);
    await writeFile(path, (await readFile(path, "utf8")).replace(from, to));
  };
  await edit("classes/base.bbclass", `: \${GREETING}`, `: \${GREETING} \${NAME}`);
  await edit("classes/base.bbclass", 'GREETING = "hello"', 'GREETING = "good day"\nNAME = "you"');
  await edit("recipes/used.patch", "a patch", "another patch");
  await edit("recipes/top.bb", "low:do_compile", "low:do_compile low:do_build");
  return [before, await run("after")];
}

const keyOf = ({ task, depid }: TaskChange["before"]) => `${task} ${depid}`;

async function findFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of await readdir(folder, { recursive: true })) {
    const [, task, hash] = /\.(do_[^./]+)\.sigdata\.([0-9a-f]{64})$/.exec(name) ?? [];
    if (task !== undefined) found.set(`${task} ${hash}`, join(folder, name));
  }
  return found;
}

/** What BitBake says of each pair of files, line by line. */
function compareByBitbake(pairs: readonly (readonly [string, string])[]): readonly (readonly string[])[] {
  const code = `
import json, sys
sys.path.insert(0, sys.argv[1] + "/lib")
import bb, bb.siggen
said = [[str(line) for line in bb.siggen.compare_sigfiles(a, b)] for a, b in json.load(sys.stdin)]
json.dump(said, sys.stdout)`;
  const { status, stdout, stderr } = spawnSync("python3", ["-c", code, BITBAKE ?? ""], {
    input: JSON.stringify(pairs),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

/** What its lines begin with, and the word for it here. */
const LINES: readonly (readonly [RegExp, string])[] = [
  [/^Variable (\S+) value changed/, "value"],
  [/^Dependency on [Vv]ariable (\S+) was (?:added|removed)/, "variable"],
  [/^Checksum for file (\S+) changed/, "checksum"],
  [/^Dependency on checksum of file (\S+) was (?:added|removed)/, "file"],
  [/^Hash for task dependency (\S+) changed/, "hash"],
  [/^Dependency on task (\S+) was (?:added|removed)/, "depends"],
  [/^(Taint)/, "taint"],
];

function findingsOf(said: readonly string[]): string[] {
  const found = new Set<string>();
  for (const line of said.flatMap((text) => text.split("\n"))) {
    for (const [pattern, word] of LINES) {
      const name = pattern.exec(line)?.[1];
      if (name !== undefined) found.add(word === "taint" ? word : `${word} ${isFile(word) ? baseNameOf(name) : name}`);
    }
  }
  return [...found].sort();
}

/** The same of ours. Which variables a text names is left out: signature files tell that of variables, not of the task. */
function ownFindings({ own, through }: TaskChange): string[] {
  const found = new Set(through.map(({ name }) => `hash ${name}`));
  for (const it of own) {
    if (it.kind === "variable") {
      if (it.change === "text") found.add(`value ${it.name}`);
      else if (it.change !== "dependencies") found.add(`variable ${it.name}`);
    } else if (it.kind === "file")
      found.add(`${it.change === "checksum" ? "checksum" : "file"} ${baseNameOf(it.name)}`);
    else if (it.kind === "dependency") found.add(`depends ${it.name}`);
    else found.add(it.kind);
  }
  return [...found].sort();
}

const isFile = (word: string) => word === "checksum" || word === "file";
const baseNameOf = (path: string) => path.replace(/^.*\//, "");
