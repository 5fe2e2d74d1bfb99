import { type DepId, formatTaskName } from "@depid/hash";
import type { BuildWorld } from "@depid/runqueue";
import type { Task } from "@depid/task-graph";
import { formatRecordedTid, type Scenario, ScenarioError, type ScenarioStep } from "./scenario.ts";
import type { ScenarioServer } from "./scenario-server.ts";
import { formatRecordedObject, type ScenarioWorld } from "./scenario-world.ts";

/** Objects: stored, asked for, restored. An object holds the output hash of what made it. */
export function outputPorts(
  scenario: Scenario,
  step: ScenarioStep,
  world: ScenarioWorld,
  wrong: string[],
): Pick<BuildWorld, "store" | "firstStored" | "objectName" | "contentOf" | "onRestored" | "validate"> {
  if (scenario.layer === "selftest") return { validate: validateAsRecorded(step) };
  const outhashOf = createOutHashes(scenario, step);
  return {
    store: world.store,
    firstStored: world.firstStored,
    objectName: formatRecordedObject,
    contentOf: (task) => {
      const made = outhashOf(task);
      if (made !== cleanOutHashOf(step, task)) wrong.push(`reported ${formatRecordedTid(task.tid)}`);
      return made ?? "";
    },
    onRestored: (task, content) => {
      if (content !== cleanOutHashOf(step, task)) wrong.push(`restored ${formatRecordedTid(task.tid)}`);
    },
  };
}

/** The server, told the recorded output hashes. */
export function serverPorts(
  scenario: Scenario,
  step: ScenarioStep,
  { server }: ScenarioWorld,
): Pick<BuildWorld, "reporter" | "equivalences"> {
  const isDown = isServerDown(step);
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
          answers.push(isDown ? depid : await server.report({ taskhash, outhash, depid }));
        }
        return answers;
      },
    },
    ...(isDown ? {} : { equivalences: equivalencesOf(server) }),
  };
}

/** Whether the server cannot be reached in this step: nothing is looked up, a report is answered with what was sent. */
export function isServerDown({ env }: ScenarioStep): boolean {
  return env.RQ_HASHSERVE !== undefined;
}

function equivalencesOf(server: ScenarioServer): NonNullable<BuildWorld["equivalences"]> {
  return {
    async declare(rows) {
      const answers: DepId[] = [];
      for (const { taskhash, depid } of rows) {
        answers.push(await server.report({ taskhash, outhash: undefined, depid }));
      }
      return answers;
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

/**
 * What tasks report: what they were recorded to report in this step, or what a clean build would; of BitBake's own layer, where outputs do not
 * change, what they reported in another step.
 */
function createOutHashes({ layer, steps }: Scenario, step: ScenarioStep): (task: Task) => string | undefined {
  const reported = reportedOutHashes([step]);
  const ever = layer === "selftest" ? reportedOutHashes(steps) : new Map<string, string>();
  return (task) => {
    const name = formatRecordedTid(task.tid);
    return reported.get(name) ?? cleanOutHashOf(step, task) ?? ever.get(name);
  };
}

function reportedOutHashes(steps: readonly ScenarioStep[]): ReadonlyMap<string, string> {
  const reported = new Map<string, string>();
  for (const { result } of steps) {
    for (const [kind, tid, , outhash] of result.log) {
      if (kind === "report") reported.set(String(tid), String(outhash));
    }
  }
  return reported;
}

function cleanOutHashOf({ result }: ScenarioStep, { pn, task }: Task): string | undefined {
  return result.outhash[formatTaskName({ pn, task })];
}
