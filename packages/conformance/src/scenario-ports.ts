import type { DepId } from "@depid/hash";
import type { BuildWorld } from "@depid/runqueue";
import type { Task } from "@depid/task-graph";
import { formatRecordedTid, type Scenario, ScenarioError, type ScenarioStep } from "./scenario.ts";
import { formatRecordedObject, type ScenarioWorld } from "./scenario-world.ts";

/** Objects: stored, asked for, restored. An object holds the output hash of what made it. */
export function outputPorts(
  scenario: Scenario,
  step: ScenarioStep,
  world: ScenarioWorld,
  wrong: string[],
): Pick<BuildWorld, "store" | "objectName" | "contentOf" | "onRestored" | "validate"> {
  if (scenario.layer === "selftest") return { validate: validateAsRecorded(step) };
  const outhashOf = createOutHashes(scenario, step);
  return {
    store: world.store,
    objectName: formatRecordedObject,
    contentOf: (task) => outhashOf(task) ?? "",
    onRestored: (task, content) => {
      if (content !== outhashOf(task)) wrong.push(`restored ${formatRecordedTid(task.tid)}`);
    },
  };
}

/** The server, told the recorded output hashes. */
export function serverPorts(
  scenario: Scenario,
  step: ScenarioStep,
  { server }: ScenarioWorld,
): Pick<BuildWorld, "reporter" | "equivalences"> {
  const outhashOf = createOutHashes(scenario, step);
  return {
    reporter: {
      async report(reports) {
        const answers: DepId[] = [];
        for (const { task, taskhash, depid } of reports) {
          const outhash = outhashOf(task);
          if (outhash === undefined) {
            throw new ScenarioError("outhash", `expected an output hash for ${formatRecordedTid(task.tid)}`);
          }
          answers.push(await server.report({ taskhash, outhash, depid }));
        }
        return answers;
      },
    },
    equivalences: {
      async declare(rows) {
        const answers: DepId[] = [];
        for (const { taskhash, depid } of rows) {
          answers.push(await server.report({ taskhash, outhash: undefined, depid }));
        }
        return answers;
      },
    },
  };
}

/** BitBake's own layer keeps no objects: what its validation function said is taken from the recording. */
function validateAsRecorded({ result }: ScenarioStep): NonNullable<BuildWorld["validate"]> {
  const answers = new Map<string, boolean[]>();
  for (const [kind, asked, valid] of result.log) {
    if (kind !== "hashcheck") continue;
    for (const [name, depid] of Object.entries(asked as Readonly<Record<string, string>>)) {
      const key = `${name} ${depid}`;
      answers.set(key, [...(answers.get(key) ?? []), (valid as readonly string[]).includes(name)]);
    }
  }
  return (asked) =>
    asked.map(({ task, depid }) => {
      const recorded = answers.get(`${formatRecordedTid(task.tid)} ${depid}`) ?? [];
      // What is asked more often than it was recorded is answered as the last time.
      return (recorded.length > 1 ? recorded.shift() : recorded[0]) ?? false;
    });
}

/** What a clean build would report; of BitBake's own layer, where outputs do not change, what was reported. */
function createOutHashes({ layer, steps }: Scenario, { result }: ScenarioStep): (task: Task) => string | undefined {
  if (layer !== "selftest") return (task) => result.outhash[`${task.pn}:${task.task}`];
  const reported = new Map<string, string>();
  for (const step of steps) {
    for (const [kind, tid, , outhash] of step.result.log) {
      if (kind === "report") reported.set(String(tid), String(outhash));
    }
  }
  return (task) => reported.get(formatRecordedTid(task.tid));
}
