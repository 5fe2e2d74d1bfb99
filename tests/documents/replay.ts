import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "@depid/hash";
import { sketchHistory } from "@depid/replay/testing";
import { taskHashInput, taskHashOf } from "@depid/siggen";
import type { HistoryStep, Task } from "@depid/task-graph";
import { writeHistory } from "@depid/task-graph/fs";
import { basehashOf, sketchTask, type TaskSketch, tidOf } from "@depid/task-graph/testing";
import { type CommandExample, depid, depidWith, type Example } from "./example.ts";
import { putScenario } from "./scenario.ts";

const META_MINI = "examples/meta-mini";
const HISTORY = `${META_MINI}/recorded/history.jsonl.gz`;
const BUILDS = `${META_MINI}/recorded/kept`;

/** Commit of a step of the history below. */
const commitOf = (step: number) => `${step}`.repeat(40);
const commit = (step: number) => `"${commitOf(step)}"`;

const sstate = (name: string, more: TaskSketch = {}) => sketchTask(name, { setscene: true, ...more });
/** The task as a commit changed it: its own inputs are others. */
const changed = (name: string, text: string, more: TaskSketch = {}) =>
  sstate(name, { basehash: basehashOf(text), ...more });

const TWIN = basehashOf("twins");
/** Does not wait for what it hashes: which of the two runs first is chance. */
const EARLY: Task = { ...sstate("early:do_x", { deps: ["a:do_x"] }), execdeps: [] };
const TASKS = [
  sstate("a:do_x"),
  sstate("b:do_x", { deps: ["a:do_x"] }),
  EARLY,
  sstate("s:do_create_spdx"),
  sstate("s:do_create_package_spdx"),
  sstate("twin1:do_x", { basehash: TWIN }),
  sstate("twin2:do_x", { basehash: TWIN }),
];

/** What each commit changed, the first step left out: some of it comes back as it was. */
const CHANGES = [
  [changed("a:do_x", "1"), changed("s:do_create_spdx", "1")],
  [changed("a:do_x", "2")],
  [changed("a:do_x", "3")],
  [changed("b:do_x", "4", { deps: ["a:do_x"] })],
  [changed("b:do_x", "5", { deps: ["a:do_x"] })],
  [changed("s:do_create_package_spdx", "6")],
  [changed("s:do_create_package_spdx", "7")],
];

/** What tasks of OE-Core have is told, so that hard dependencies are those of the rows. */
const TOLD: Pick<HistoryStep, "settings"> = { settings: { excludedSysroots: [], outhashExtra: "none" } };

async function putHistory(
  folder: string,
  changes: readonly (readonly Task[])[] = CHANGES,
  first: readonly Task[] = TASKS,
): Promise<string> {
  const { header, steps } = sketchHistory(first, ...changes.map((upsert) => ({ upsert })));
  const named = steps.map((it) => ({
    ...it,
    ...(it.step === 0 && first !== TASKS ? TOLD : {}),
    id: commitOf(it.step),
    commits: [{ id: commitOf(it.step), title: "" }],
  }));
  const file = join(folder, "history.jsonl");
  await writeHistory(file, { header: { ...header, tool: "a test", handler: "OEEquivHash" }, steps: named });
  return file;
}

/** A label file with some labels; all other changes propagate. @returns what `--outcomes` takes */
async function putLabel(folder: string, ...labels: readonly string[]): Promise<string> {
  const file = join(folder, "labels.yaml");
  const lines = labels.map((it) => `  - { ${it}, reason: r }\n`);
  await writeFile(file, `format: depid-labels/1\notherwise: propagating\nlabels:\n${lines.join("")}`);
  return `labels:${file}`;
}

/** A label file for each outcome that `otherwise` may have; the first has a label for each outcome. */
async function putLabels(folder: string): Promise<string> {
  const texts = [
    `otherwise: neutral
labels:
  - { commit: ${commit(1)}, recipe: a, outcome: neutral, reason: r }
  - { commit: ${commit(2)}, task: do_x, outcome: contained, reason: r, sure: false }
  - { commit: ${commit(3)}, outcome: propagating, reason: r }
  - { commit: ${commit(4)}, outcome: unique, reason: r }
  - { commit: ${commit(5)}, as: ${commit(0)}, reason: r }
  - { commit: ${commit(5)}, recipe: nobody, outcome: neutral, reason: "of no use" }
`,
    "otherwise: contained\nlabels: []\n",
    "otherwise: propagating\nlabels: []\n",
    "otherwise: unique\nlabels: []\n",
  ];
  const files = texts.map((_, i) => join(folder, `labels${i}.yaml`));
  for (const [i, text] of texts.entries()) await writeFile(files[i] as string, `format: depid-labels/1\n${text}`);
  return files.map((it) => `labels:${it}`).join(",");
}

/** Recorded outputs that are equal, though the task counts as naming its own hash; that is noted, as no equivalences were recorded. */
async function putOutputs(folder: string): Promise<string> {
  const tasks = [TASKS[3] as Task, CHANGES[0]?.[1] as Task];
  const nothing = { owner: null, pn: null, pv: null, pr: null, task: null, siginfo: null };
  const lines = [
    { format: "depid-table/1", table: "outhashes", source: "a test", unknown: [], assumed: [] },
    ...tasks.map((task) => ({
      method: "oe.sstatesig.OEOuthashBasic",
      taskhash: taskHashOf(taskHashInput(task, [])),
      outhash: sha256Hex("equal"),
      created: "2026-01-01T00:00:00+00:00",
      ...nothing,
    })),
    { end: { rows: tasks.length, left_out: [] } },
  ];
  const file = join(folder, "outhashes.jsonl");
  await writeFile(file, lines.map((it) => `${JSON.stringify(it)}\n`).join(""));
  return `recorded:${file}`;
}

/** A generator that leaves dependencies out of its hashes. */
async function putBlindPlugin(folder: string): Promise<string> {
  const file = join(folder, "blind.mjs");
  await writeFile(
    file,
    `export default () => ({ name: "blind", stampHash: "taskhash", taskhash: (i) => i.basehash, depids: (ts) => ts.map((t) => t.taskhash) });`,
  );
  return file;
}

export const REPLAY: readonly CommandExample[] = [
  depid("counts alone", "replay", HISTORY),
  depid(
    "labels, durations and other outcome models",
    "replay",
    HISTORY,
    "--outcomes",
    `labels:${META_MINI}/labels.yaml`,
    "--sensitivity",
    "--durations",
    `${BUILDS}/durations.csv`,
  ),
  depid(
    "recorded outputs",
    "replay",
    HISTORY,
    "--outcomes",
    `recorded:${BUILDS}/outhashes.jsonl.gz+${BUILDS}/equivalences.jsonl.gz,pessimistic`,
  ),
  depidWith("all that decides outcomes, without times", async (folder) => [
    "replay",
    await putHistory(folder),
    "--outcomes",
    `${await putOutputs(folder)},${await putLabels(folder)}`,
    "--sensitivity",
  ]),
  depidWith("a wrong object", async (folder) => [
    "replay",
    await putHistory(folder),
    "--policy",
    await putBlindPlugin(folder),
  ]),
  depidWith("a taskhash that two recipes share, whose outputs differ", async (folder) => {
    const twins = ["twin1:do_x", "twin2:do_x"].map((it) => changed(it, "both"));
    const labels = await putLabel(folder, `commit: ${commit(1)}, recipe: twin1, outcome: neutral`);
    return ["replay", await putHistory(folder, [twins, []]), "--outcomes", labels, "--workers", "1"];
  }),
  depidWith("an output that its taskhash does not tell, made while another was kept", async (folder) => {
    // It is not restored, as what it has a hard dependency on is not; and then it is.
    const task: Task = { ...sstate("a:do_x", { harddeps: [tidOf("b:do_x")] }), execdeps: [tidOf("b:do_x")] };
    const changes = [
      [{ ...task, files: [["missing", null]] as const }, changed("b:do_x", "1")],
      [changed("c:do_x", "2")],
    ];
    const history = await putHistory(folder, changes, [task, sstate("b:do_x")]);
    const labels = await putLabel(folder, `commit: ${commit(1)}, recipe: b, outcome: propagating`);
    return ["replay", history, "--outcomes", labels];
  }),
  depidWith("an equivalence that no output showed", async (folder) => {
    // In the last step b no longer waits for a, reads its output of the step before, and c is restored; then a proves equal to the first.
    const [b, c] = ["b:do_x", "c:do_x"].map((name, i) => sstate(name, { deps: [i === 0 ? "a:do_x" : "b:do_x"] }));
    const hasty: Task = { ...changed("b:do_x", "2", { deps: ["a:do_x"] }), execdeps: [] };
    const changes = [[changed("a:do_x", "1")], [changed("a:do_x", "2"), hasty]];
    const history = await putHistory(folder, changes, [sstate("a:do_x"), b as Task, c as Task]);
    const labels = await putLabel(
      folder,
      `commit: ${commit(2)}, recipe: a, as: ${commit(0)}`,
      `commit: ${commit(2)}, recipe: b, outcome: neutral`,
    );
    return ["replay", history, "--outcomes", labels, "--builder", "persistent", "--workers", "1"];
  }),
  depidWith("a scenario, which goes otherwise than it says", async (folder) => ["replay", await putScenario(folder)]),
  depid("a scenario that shows something stale", "replay", "twins"),
  depidWith("commands of a scenario, one of which is not reproducible", async (folder) => {
    const file = join(folder, "commands.yaml");
    const task = `do_x: { setscene: true, run: 'echo "$WORKDIR" > "$D/x"' }`;
    const text = `format: depid-scenario/1\ntitle: x\nexplanation: x\nrecipes: { a: { tasks: { ${task} } } }\nsteps: [{ title: x }]\n`;
    await writeFile(file, text);
    return ["replay", file, "--execute"];
  }),
  depidWith("times of restoring alone", async (folder) => {
    const durations = join(folder, "durations.csv");
    await writeFile(durations, "recipe,task,elapsed\na,do_x_setscene,1\n");
    return ["replay", await putHistory(folder), "--policy", "basichash,equivhash", "--durations", durations];
  }),
  depid(
    "builders of a topology",
    ...["replay", HISTORY, "--policy", "basichash", "--topology", `${META_MINI}/topology.yaml`],
    ...["--durations", `${BUILDS}/durations.csv`],
  ),
  depid(
    "builders of a topology, without times",
    ...["replay", HISTORY, "--policy", "basichash", "--topology", `${META_MINI}/topology.yaml`],
  ),
  depidWith("a wrong stamp, times of the processors", async (folder) => {
    const durations = join(folder, "durations.csv");
    await writeFile(durations, "recipe,task,elapsed,cpu\na,do_x,1,2\n");
    return [
      "replay",
      await putHistory(folder),
      "--policy",
      await putBlindPlugin(folder),
      "--builder",
      "persistent",
      "--durations",
      durations,
      "--duration-measure",
      "cpu",
    ];
  }),
];

export const ANSWERS: readonly Example[] = [
  depid(
    "a choice among all policies, in hours",
    "advise",
    HISTORY,
    "--outcomes",
    `labels:${META_MINI}/labels.yaml`,
    "--sensitivity",
    "--durations",
    `${BUILDS}/durations.csv`,
  ),
  depid(
    "nothing known of outputs, counts alone, in a build directory that is kept",
    "advise",
    HISTORY,
    "--builder",
    "persistent",
    "--leverage",
    "1",
  ),
  depidWith("where stable outputs would help, some of which name their own hash", async (folder) => {
    const durations = join(folder, "durations.csv");
    await writeFile(durations, "recipe,task,elapsed\na,do_x,1\n");
    const labels = await putLabel(folder, `commit: ${commit(2)}, recipe: a, outcome: propagating`);
    const history = await putHistory(folder);
    return ["advise", history, "--outcomes", labels, "--leverage", "1", "--durations", durations];
  }),
  depidWith("no baseline, and a wrong object", async (folder) => [
    "advise",
    await putHistory(folder),
    "--policy",
    await putBlindPlugin(folder),
    "--topology",
    `${META_MINI}/topology.yaml`,
  ]),
];

export const PREDICTIONS: readonly Example[] = [
  depid(
    "two captures, in hours, above a limit",
    "predict",
    ...["before", "after"].map((it) => `${META_MINI}/recorded/${it}.jsonl.gz`),
    "--durations",
    `${BUILDS}/durations.csv`,
    "--fail-above",
    "0",
  ),
  depid(
    "steps of a history, within a limit",
    "predict",
    `${HISTORY}@2`,
    `${HISTORY}@3`,
    "--durations",
    `${BUILDS}/durations.csv`,
    "--fail-above",
    "1",
  ),
  depid(
    "counts alone, in a build directory that is kept, by labels",
    "predict",
    `${HISTORY}@0`,
    `${HISTORY}@1`,
    "--builder",
    "persistent",
    "--outcomes",
    `labels:${META_MINI}/labels.yaml`,
  ),
  depid(
    "by builders of a topology, with rules of a release, by a server's tables",
    "predict",
    `${HISTORY}@0`,
    `${HISTORY}@1`,
    "--topology",
    `${META_MINI}/topology.yaml`,
    "--outhash-extra",
    "none",
    "--release",
    "2.8",
    "--durations",
    "fixtures/buildstats",
  ),
];

/** A log of what a build ran, as meta-depid writes it. */
async function putBuildLog(folder: string, ran: Readonly<Record<string, string>>, ...end: object[]): Promise<string> {
  const header = {
    format: "depid-build/1",
    tool: "t",
    machine: "m",
    handler: "h",
    target: "x",
    started: "2026-01-01T00:00:00Z",
  };
  const rows = Object.entries(ran).map(([name, how]) => {
    const [pn = "", task = ""] = name.split(":");
    const hash = "0".repeat(64);
    return { tid: `${pn}.bb:${task}`, how, start: 1, seconds: 1, pn, task, taskhash: hash, depid: hash };
  });
  const file = join(folder, "build.jsonl");
  await writeFile(file, [header, ...rows, ...end].map((it) => `${JSON.stringify(it)}\n`).join(""));
  return file;
}

const endOf = (tasks: number) => ({ end: { tasks, unfinished: [], interrupted: false } });

export const VERIFY: readonly Example[] = [
  depid("recorded builds", "verify", HISTORY, `${BUILDS}/1.jsonl`, `${BUILDS}/2.jsonl`),
  depidWith("nothing restored, in a build directory that was kept, by a log that is cut off", async (folder) => [
    "verify",
    await putHistory(folder),
    `1=${await putBuildLog(folder, { "a:do_x": "executed" })}`,
    "--builder",
    "persistent",
  ]),
  depidWith("nothing executed", async (folder) => [
    "verify",
    await putHistory(folder, [[]]),
    `1=${await putBuildLog(folder, { "a:do_x": "restored" }, endOf(1))}`,
  ]),
  depidWith("what depends on the order", async (folder) => [
    "verify",
    await putHistory(folder),
    `1=${await putBuildLog(folder, { "a:do_x": "executed" }, endOf(1))}`,
    "--outcomes",
    await putLabels(folder),
    "--builder",
    "persistent",
  ]),
];
