import { type DepId, parseDepId, parseOutHash } from "@depid/hash";
import { reportOutHash } from "@depid/hashserv";
import type { BuildWorld, OutputReporter } from "@depid/runqueue";
import type { Task } from "@depid/task-graph";
import { formatRecordedTid, type Scenario, ScenarioError, type ScenarioStep } from "./scenario.ts";
import { findServerRows, formatRecordedObject, METHOD, type ScenarioWorld } from "./scenario-world.ts";

/** BitBake's own layer keeps no objects: what its validation function said is taken from the recording. */
export function outputPorts(
  scenario: Scenario,
  step: ScenarioStep,
  world: ScenarioWorld,
): Pick<BuildWorld, "store" | "objectName" | "validate"> {
  if (scenario.layer !== "selftest") return { store: world.store, objectName: formatRecordedObject };
  const answers = new Map<string, boolean[]>();
  for (const [kind, asked, found] of step.result.log) {
    if (kind !== "hashcheck") continue;
    for (const name of Object.keys(asked as object)) {
      answers.set(name, [...(answers.get(name) ?? []), (found as readonly string[]).includes(name)]);
    }
  }
  return {
    validate: (asked) => asked.map(({ task }) => answers.get(formatRecordedTid(task.tid))?.shift() ?? false),
  };
}

/**
 * The server, told the recorded output hashes.
 *
 * @param taskhashes gets those which the server did not know
 */
export function reporterOf(step: ScenarioStep, world: ScenarioWorld, taskhashes: string[]): OutputReporter {
  const outhashes = outHashesOf(step);
  let hasDiffered = false;
  return {
    async report(reports) {
      const answers: DepId[] = [];
      for (const { task, taskhash, depid } of reports) {
        // BitBake rehashes here: what follows would not be reported, or not so. Nothing of it is compared.
        if (hasDiffered) {
          answers.push(depid);
          continue;
        }
        const outhash = outhashes(task, taskhash);
        if (outhash === undefined) {
          throw new ScenarioError("outhash", `expected an output hash for ${formatRecordedTid(task.tid)}`);
        }
        const known = await findServerRows(world, [taskhash]);
        if (known[0] === undefined) taskhashes.push(taskhash);
        const answer = await reportOutHash(world.server, {
          method: METHOD,
          taskhash,
          outhash: parseOutHash(outhash),
          depid,
        });
        answers.push(parseDepId(answer));
        hasDiffered = answer !== depid;
      }
      return answers;
    },
  };
}

/** What a clean build would report; where that is not recorded, what was reported. */
function outHashesOf({ result }: ScenarioStep): (task: Task, taskhash: string) => string | undefined {
  const reported = new Map<string, string>();
  for (const [kind, tid, taskhash, outhash] of result.log) {
    if (kind === "report") reported.set(`${tid} ${taskhash}`, String(outhash));
  }
  return (task, taskhash) =>
    result.outhash[`${task.pn}:${task.task}`] ?? reported.get(`${formatRecordedTid(task.tid)} ${taskhash}`);
}
