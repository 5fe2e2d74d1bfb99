import type { Tid } from "@depid/hash";
import {
  type Label,
  type Outcome,
  parsePolicyOptionsPart,
  parseTopologyPart,
  type TaskKey,
  type YamlPath,
  YamlText,
} from "@depid/replay";
import { ScenarioError } from "../errors.ts";
import type { Scenario } from "../scenario.ts";
import { commandsOf } from "./commands-of.ts";
import { type ChangedTask, type DrawnTask, tidOfDrawn } from "./drawn-task.ts";
import { createHistory, type DrawnStep } from "./history-of.ts";
import { buildersOf, readExpectations } from "./read-expectations.ts";
import { readDurations, readIrreproducible } from "./runs-of-tasks.ts";
import { type Document, list, requireTask, type Tasks } from "./scenario-document.ts";
import { type ChangeInFile, scenarioFileSchema, type TaskInFile } from "./scenario-file.ts";

/**
 * Reads a scenario (YAML, `depid-scenario/1`).
 *
 * @param name what it is called in reports
 * @param source what the text came from, for messages
 * @throws {ScenarioError} naming source, line, column and field
 */
export function parseScenario(text: string, name: string, source: string): Scenario {
  const yaml = new YamlText(text, source, ScenarioError);
  const data = yaml.parse(scenarioFileSchema);
  const document: Document = { data, fail: (path, problem) => yaml.fail(path, problem) };
  const tasks = readTasks(document);
  const steps = readSteps(document, tasks);
  const extra = data.outhash_extra ?? "none";
  const policies = data.policies ?? ["basichash", "equivhash", "clairvoyant"];
  const topology = data.topology === undefined ? undefined : parseTopologyPart(yaml, ["topology"]);
  const { history, tasks: drawn } = createHistory(
    tasks,
    steps,
    { excludedSysroots: [], outhashExtra: extra },
    (problem) => document.fail(["recipes"], problem),
  );
  return {
    name,
    title: data.title,
    explanation: data.explanation.trim(),
    history,
    commands: drawn.map(commandsOf),
    labels: { otherwise: "propagating", labels: steps.flatMap((step) => step.labels) },
    unseenDeps: new Map(
      [...tasks].flatMap(([task, { passesOn }]) =>
        passesOn.length === 0 ? [] : [[task as TaskKey, passesOn as readonly string[] as readonly TaskKey[]] as const],
      ),
    ),
    irreproducible: readIrreproducible(data),
    durations: readDurations(data),
    policies,
    builder: data.builder ?? "fresh",
    workers: data.workers ?? 4,
    topology,
    policyOptions: data.policy_options === undefined ? {} : parsePolicyOptionsPart(yaml, ["policy_options"]),
    expectations: readExpectations(document, tasks, buildersOf(policies, topology)),
    names: new Map([...tasks.values()].map((task) => [tidOfDrawn(task) as Tid, task.name])),
  };
}

function readTasks(document: Document): Tasks {
  const tasks = new Map<string, DrawnTask>();
  for (const [recipe, { version = "1.0", tasks: rows }] of Object.entries(document.data.recipes)) {
    for (const [task, row] of Object.entries(rows)) {
      const named = (references: TaskInFile["needs"]) =>
        list(references).map((it) => (it.includes(":") ? it : `${recipe}:${it}`));
      const {
        needs,
        after,
        hashes,
        setscene = false,
        variables = {},
        files = {},
        passes_on: passesOn,
        run,
      } = row ?? {};
      if (run !== undefined && variables[task] !== undefined)
        document.fail(["recipes", recipe, "tasks", task, "run"], `expected either this or variables.${task}`);
      tasks.set(`${recipe}:${task}`, {
        name: `${recipe}:${task}`,
        recipe,
        task,
        version,
        file: `${recipe}_${version}.bb`,
        needs: named(needs),
        after: named(after),
        hashes: named(hashes),
        passesOn: named(passesOn),
        setscene,
        run,
        variables,
        files: filesOf(files),
      });
    }
  }
  for (const { recipe, task, needs, after, hashes, passesOn } of tasks.values()) {
    const path = ["recipes", recipe, "tasks", task];
    for (const [key, references] of [
      ["needs", needs],
      ["after", after],
      ["hashes", hashes],
      ["passes_on", passesOn],
    ] as const)
      for (const reference of references) requireTask(document, tasks, reference, [...path, key]);
    const stranger = passesOn.find((it) => !needs.includes(it));
    if (stranger !== undefined) document.fail([...path, "passes_on"], `expected some of needs, found ${stranger}`);
  }
  return tasks;
}

/** What each step changes, and what that does. */
function readSteps(document: Document, tasks: Tasks): readonly (DrawnStep & { readonly labels: readonly Label[] })[] {
  const { data } = document;
  const { steps, targets } = data;
  return steps.map((step, at) => {
    const path = ["steps", at];
    if (at === 0 && step.changes !== undefined)
      document.fail([...path, "changes"], "expected none in the first step, which builds what recipes says");
    const versions = Object.entries(step.versions ?? {});
    if (at === 0 && versions.length > 0)
      document.fail([...path, "versions"], "expected none in the first step: recipes say them");
    for (const [recipe] of versions)
      if (data.recipes[recipe] === undefined)
        document.fail([...path, "versions", recipe], `expected one of recipes, found ${recipe}`);
    const wanted = step.targets ?? targets;
    const id = idOfStep(at);
    for (const it of list(wanted)) requireTask(document, tasks, it, [...path, "targets"]);
    const labels: Label[] = [];
    const changed: ChangedTask[] = [];
    (step.changes ?? []).forEach((change, place) => {
      const where = [...path, "changes", place];
      checkChange(document, change, where, at);
      for (const key of ["needs", "hashes"] as const)
        for (const it of list(change[key])) requireTask(document, tasks, it, [...where, key]);
      for (const name of list(change.task)) {
        const task = requireTask(document, tasks, name, [...where, "task"]);
        const { run, variables, files, needs, hashes } = change;
        if (run !== undefined && task.run === undefined)
          document.fail([...where, "run"], `expected a task with run, found ${name}`);
        changed.push({
          name,
          ...(run === undefined ? {} : { run }),
          ...(variables === undefined ? {} : { variables }),
          ...(files === undefined ? {} : { files: filesOf(files) }),
          ...(needs === undefined ? {} : { needs: list(needs) }),
          ...(hashes === undefined ? {} : { hashes: list(hashes) }),
        });
        const outcome = outcomeOf(change);
        if (outcome === undefined) continue;
        const reason = change.because ?? step.title;
        labels.push({
          commit: id,
          recipe: task.recipe,
          task: task.task,
          outcome,
          reason,
          sure: true,
        });
      }
    });
    return {
      id,
      title: step.title,
      targets: wanted === undefined ? undefined : list(wanted),
      versions: new Map(versions),
      changed,
      labels,
      fail: (it: string) => document.fail(path, it),
    };
  });
}

function checkChange(document: Document, change: ChangeInFile, path: YamlPath, step: number): void {
  const { run, variables, files, needs, hashes, does, as, outhash, spares } = change;
  if (as !== undefined && does !== undefined) document.fail([...path, "as"], "expected either this or does");
  if (as !== undefined && as >= step) document.fail([...path, "as"], `expected a step before ${step}, found ${as}`);
  if ([run, variables, files, needs, hashes].every((it) => it === undefined))
    document.fail(path, "expected what is changed: run, variables, files, needs or hashes");
  const key = outhash !== undefined ? "outhash" : spares !== undefined ? "spares" : undefined;
  if (key === undefined || does === "propagating" || (key === "outhash" && does === "contained")) return;
  document.fail([...path, key], `expected this with does: propagating, found ${does ?? "no does"}`);
}

/** `undefined` where nothing is said. */
function outcomeOf({ does, as, outhash, spares }: ChangeInFile): Outcome | undefined {
  if (as !== undefined) return { as: idOfStep(as) };
  if ((does !== "propagating" && does !== "contained") || (outhash === undefined && spares === undefined)) return does;
  return {
    does,
    ...(outhash === undefined ? {} : { unseen: true }),
    ...(spares === undefined ? {} : { spares: list(spares) }),
  };
}

function idOfStep(step: number): string {
  return `step-${String(step).padStart(3, "0")}`;
}

function filesOf(files: Readonly<Record<string, string | number>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, String(text)]));
}
