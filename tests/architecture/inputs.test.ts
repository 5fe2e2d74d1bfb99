import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listTestFolders } from "../folders.ts";
import { describeTask, findUncounted, type Ground, isCounted, type Task } from "./inputs.ts";
import { readWorkspace } from "./workspace.ts";

const ROOT = join(import.meta.dirname, "../..");
const ground: Ground = { root: ROOT, packages: readWorkspace(ROOT) };

type Tasks = Readonly<Record<string, Task>>;
const tasksOf = (file: string) =>
  (JSON.parse(readFileSync(join(ROOT, file), "utf8")) as { readonly tasks: Tasks }).tasks;
const TASKS = tasksOf("turbo.json");

/** Of a package: what all have, and what it adds. */
function taskOf(folder: string): Task {
  const room = TASKS[`//#test:${folder.slice("tests/".length)}`];
  if (room !== undefined) return room;
  const common = TASKS.test ?? {};
  const hasOwn = readdirSync(join(ROOT, folder)).includes("turbo.json");
  const own = hasOwn ? (tasksOf(`${folder}/turbo.json`).test ?? {}) : {};
  const both = (key: keyof Task) => [...(common[key] ?? []), ...(own[key] ?? [])];
  return { dependsOn: both("dependsOn"), inputs: both("inputs") };
}

const rooms = listTestFolders(ROOT);
const folders = [...rooms, ...ground.packages.map(({ folder }) => folder)];

describe("a result of tests comes from the cache only when nothing they read has changed:", () => {
  it.each(folders)("turbo.json counts what the tests of %s name", (folder) => {
    expect(findUncounted(ground, describeTask(ground, folder, taskOf(folder)))).toEqual([]);
  });

  it("and the files that documents say they are checked by", () => {
    const documents = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).filter(
      (name) => name.endsWith(".md") && !/(?:^|\/)(?:node_modules|dist|\.git)\//.test(name),
    );
    const named = documents.flatMap((name) =>
      [...readFileSync(join(ROOT, name), "utf8").matchAll(/^<!-- checked by (\S+\.ts) -->$/gm)].map(
        ([, file = ""]) => file,
      ),
    );
    const task = describeTask(ground, "tests/documents", taskOf("tests/documents"));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((file) => !isCounted(task, file))).toEqual([]);
  });

  it("every test of the repository is in a folder that is run, with a task and a script of its own", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const tests = readdirSync(join(ROOT, "tests"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `tests/${name}`);
    expect(tests.filter((file) => !rooms.some((room) => join(room, file.slice(room.length + 1)) === file))).toEqual([]);
    for (const room of rooms) {
      const name = room.replace("tests/", "test:");
      expect([scripts[name], TASKS[`//#${name}`] !== undefined]).toEqual([`vitest run --project ${room}`, true]);
    }
  });
});

describe("what turbo.json does not count is told with the test that names it:", () => {
  const without = (folder: string, what: keyof Task, text: string) => {
    const task = taskOf(folder);
    return findUncounted(
      ground,
      describeTask(ground, folder, { ...task, [what]: (task[what] ?? []).filter((it) => !it.includes(text)) }),
    );
  };

  it.each<[string, string, keyof Task, string, string]>([
    ["a fixture", "packages/bitbake", "inputs", "fixtures", "packages/bitbake/src/fs/sigdata.test.ts: fixtures/"],
    ["a folder of the repository", "tests/layer", "inputs", "layers", "tests/layer/meta-depid.test.ts: layers/"],
    ["a script", "tests/documents", "inputs", "scripts", "tests/documents/outputs.test.ts: scripts/docs-outputs/"],
    ["a package", "tests/layer", "dependsOn", "task-graph", "tests/layer/meta-depid.test.ts: packages/task-graph/src"],
    [
      "a program",
      "tests/programs",
      "dependsOn",
      "hashserv-app",
      "tests/programs/programs.ts: apps/hashserv/src/main.ts",
    ],
    ["what a script needs", "tests/documents", "dependsOn", "hashserv-app", "scripts/docs-outputs/session.ts: apps/"],
  ])("%s", (_what, folder, key, text, told) => {
    expect(without(folder, key, text).join("\n")).toContain(told);
  });
});
