import { InvalidHashError } from "@depid/hash";
import { type BuildEvent, HardDependencyError, PlanError } from "@depid/runqueue";
import { CycleError, UnknownTaskError } from "@depid/task-graph";
import { formatRecordedTid, type Scenario, ScenarioError, type ScenarioStep } from "./scenario.ts";
import { parseBuildArguments } from "./scenario-arguments.ts";
import {
  findEarlyDifference,
  findObjectDifference,
  findOutcomeDifference,
  findStampDifference,
  findStartDifference,
} from "./scenario-difference.ts";
import { type SimulatedStep, simulateStep } from "./scenario-step.ts";
import { applyChange, createScenarioWorld, getBuilder, type ScenarioWorld } from "./scenario-world.ts";
import { AGREES, type Verdict } from "./verdict.ts";

/**
 * Builds a recorded scenario step by step, and compares with what BitBake decided in each. Builders, sstate cache and
 * server are carried from step to step as they come out here, not as they were recorded.
 */
export async function checkScenario(scenario: Scenario): Promise<Verdict> {
  const world = createScenarioWorld();
  for (const [index, step] of scenario.steps.entries()) {
    const at = `step ${index + 1} "${step.title}"`;
    try {
      const verdict = await checkStep(scenario, step, world);
      if (verdict.verdict === "differs") return { verdict: "differs", difference: `${at}: ${verdict.difference}` };
      if (verdict.verdict === "awaits") return { verdict: "awaits", missing: `${verdict.missing} (${at})` };
    } catch (error) {
      throw asScenarioError(error, index);
    }
  }
  return AGREES;
}

async function checkStep(scenario: Scenario, step: ScenarioStep, world: ScenarioWorld): Promise<Verdict> {
  const { unknown } = parseBuildArguments(step.args);
  if (unknown !== undefined) return { verdict: "awaits", missing: `option ${unknown}` };
  const before = await world.store.list();
  for (const change of step.changes) await applyChange(world, step.builder, change);
  const simulated = await simulateStep(scenario, step, world);
  const difference =
    simulated && (findStartDifference(scenario, step.result, simulated) ?? checkEnd(scenario, step, simulated));
  if (difference !== undefined) return typeof difference === "string" ? { verdict: "differs", difference } : difference;
  const left =
    findStampDifference(step.result.stamps, getBuilder(world, step.builder).build) ??
    findObjectDifference(step.result, before, await world.store.list());
  return left === undefined ? AGREES : { verdict: "differs", difference: left };
}

/** After an answer that calls for a rehash nothing can be compared: everything above has other hashes in the recording. */
function checkEnd(scenario: Scenario, { result }: ScenarioStep, step: SimulatedStep): string | Verdict | undefined {
  const report = step.build.events.find(callsForRehash);
  if (report === undefined) return findOutcomeDifference(scenario, result, step);
  const missing = `mid-build rehash: ${formatRecordedTid(report.tid)} was answered another unihash`;
  return findEarlyDifference(scenario, result, step, report) ?? { verdict: "awaits", missing };
}

function callsForRehash(event: BuildEvent): event is Extract<BuildEvent, { type: "reported" }> {
  return event.type === "reported" && event.answer !== event.sent;
}

/** What does not fit together in a recording is found where it is used: the message says in which step. */
function asScenarioError(error: unknown, index: number): unknown {
  const at = `steps[${index}].result`;
  if (error instanceof ScenarioError) return new ScenarioError(`${at}.${error.field}`, error.problem, { cause: error });
  const field = FIELDS.find(([kind]) => error instanceof kind)?.[1];
  return field === undefined ? error : new ScenarioError(`${at}.${field}`, (error as Error).message, { cause: error });
}

/** Which field is bad when a package refuses it. */
const FIELDS = [
  [UnknownTaskError, "graph"],
  [CycleError, "graph"],
  [PlanError, "order"],
  [HardDependencyError, "scenequeue"],
  [InvalidHashError, "hashes"],
] as const;
