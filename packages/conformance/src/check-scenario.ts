import { InvalidHashError } from "@depid/hash";
import { type BuildEvent, HardDependencyError, PlanError } from "@depid/runqueue";
import { CycleError, UnknownTaskError } from "@depid/task-graph";
import { formatRecordedTid, type Scenario, ScenarioError, type ScenarioResult, type ScenarioStep } from "./scenario.ts";
import { parseBuildArguments } from "./scenario-arguments.ts";
import {
  findEarlyDifference,
  findObjectDifference,
  findOutcomeDifference,
  findStampDifference,
  findStartDifference,
} from "./scenario-difference.ts";
import { type Pass, recordedPass, type SimulatedStep, simulateStep } from "./scenario-step.ts";
import { applyChange, createScenarioWorld, getBuilder, type ScenarioWorld } from "./scenario-world.ts";
import { AGREES, type Verdict } from "./verdict.ts";

/** What is left to chance in the recordings of our own layer is gone through with this many workers, too. */
const WORKERS = 4;

/**
 * Builds a recorded scenario step by step, and compares with what BitBake decided in each. Builders, sstate cache and
 * server are carried from step to step as they come out here, not as they were recorded. Then once more in an order of
 * our own and with several workers, where the same must be done, if not in the same order.
 */
export async function checkScenario(scenario: Scenario): Promise<Verdict> {
  const verdict = await checkPass(scenario, recordedPass(scenario));
  if (verdict.verdict !== "agrees" || scenario.layer === "selftest") return verdict;
  const own = await checkPass(scenario, { order: "own", workers: WORKERS });
  if (own.verdict !== "differs") return own;
  return { verdict: "differs", difference: `in our own order, with ${WORKERS} workers: ${own.difference}` };
}

async function checkPass(scenario: Scenario, pass: Pass): Promise<Verdict> {
  const world = createScenarioWorld();
  for (const [index, step] of scenario.steps.entries()) {
    const at = `step ${index + 1} "${step.title}"`;
    try {
      const verdict = await checkStep(scenario, step, world, pass);
      if (verdict.verdict === "differs") return { verdict: "differs", difference: `${at}: ${verdict.difference}` };
      if (verdict.verdict === "awaits") return { verdict: "awaits", missing: `${verdict.missing} (${at})` };
    } catch (error) {
      throw asScenarioError(error, index);
    }
  }
  return AGREES;
}

async function checkStep(scenario: Scenario, step: ScenarioStep, world: ScenarioWorld, pass: Pass): Promise<Verdict> {
  const { unknown } = parseBuildArguments(step.args);
  if (unknown !== undefined) return { verdict: "awaits", missing: `option ${unknown}` };
  const before = await world.store.list();
  for (const change of step.changes) await applyChange(world, step.builder, change);
  const simulated = await simulateStep(scenario, step, world, pass);
  const difference =
    simulated && (findStartDifference(scenario, step.result, simulated) ?? checkEnd(step.result, simulated, pass));
  if (difference !== undefined) return typeof difference === "string" ? { verdict: "differs", difference } : difference;
  const left =
    findStampDifference(step.result.stamps, getBuilder(world, step.builder).build) ??
    findObjectDifference(step.result, before, await world.store.list());
  return left === undefined ? AGREES : { verdict: "differs", difference: left };
}

/** After an answer that calls for a rehash nothing can be compared: everything above has other hashes in the recording. */
function checkEnd(result: ScenarioResult, step: SimulatedStep, pass: Pass): string | Verdict | undefined {
  const report = step.build.events.find(callsForRehash);
  if (report !== undefined) {
    const missing = `mid-build rehash: ${formatRecordedTid(report.tid)} was answered another unihash`;
    return findEarlyDifference(pass, result, step, report) ?? { verdict: "awaits", missing };
  }
  // In an order of our own, a step is comparable if it was found not to depend on timing.
  return pass.order === "own" && result.timing !== false ? undefined : findOutcomeDifference(pass, result, step);
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
