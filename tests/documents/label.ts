import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sketchHistory } from "@depid/replay/testing";
import { writeHistory } from "@depid/task-graph/fs";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { depidWith, type Example } from "./example.ts";

const COMMIT = "1234567890".repeat(4);

/** Three recipes, of which two have a comment edited, and one with two tasks its summary. */
const state = (text: string, summary: string) =>
  ["a:do_x", "b:do_x", "c:do_x", "c:do_y"].map((name) => {
    const isOfC = name.startsWith("c:");
    const variables = [
      { name: "SUMMARY", value: isOfC ? summary : "", deps: [] },
      { name: "do_x", value: isOfC ? "" : text, deps: [] },
    ];
    return sketchTask(name, { variables, basehash: basehashOf(JSON.stringify(variables)) });
  });

/** @param id of the step with the changes, and @param titles of its commits, the first of which has that id */
async function putHistory(folder: string, id: string, ...titles: readonly string[]): Promise<string> {
  const { header, steps } = sketchHistory(state("\tmake\n", "a"), { upsert: state("\t# all\n\tmake\n", "b") });
  const commits = titles.map((title, at) => ({ id: at === 0 ? id : "9876543210".repeat(4), title }));
  const file = join(folder, "history.jsonl");
  await writeHistory(file, { header, steps: steps.map((it) => (it.step === 1 ? { ...it, id, commits } : it)) });
  return file;
}

export const LABEL: readonly Example[] = [
  depidWith("a commit whose changes are told by their texts", async (folder) => [
    "label",
    await putHistory(folder, COMMIT, "classes/q: say why"),
    "-o",
    join(folder, "labels.yaml"),
  ]),
  depidWith("commits of which nobody knows what they changed, and labels that are there", async (folder) => {
    const labels = join(folder, "given.yaml");
    const label = `{ commit: "1234567", recipe: a, outcome: contained, reason: seen }`;
    await writeFile(labels, `format: depid-labels/1\notherwise: neutral\nlabels:\n  - ${label}\n`);
    return [
      "label",
      await putHistory(folder, COMMIT, "one", "d: upgrade 1 -> 2"),
      "--from",
      "messages",
      "--labels",
      labels,
    ];
  }),
  depidWith("a step that no label can name", async (folder) => ["label", await putHistory(folder, "c1", "one", "two")]),
];
