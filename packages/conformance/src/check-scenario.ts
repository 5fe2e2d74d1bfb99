import { InvalidHashError } from "@depid/hash";
import { HardDependencyError, PlanError } from "@depid/runqueue";
import { CycleError, UnknownTaskError } from "@depid/task-graph";
import { type Scenario, ScenarioError, type ScenarioStep } from "./scenario.ts";
import { parseBuildArguments } from "./scenario-arguments.ts";
import {
  findEnvelopeDifference,
  findObjectDifference,
  findOutcomeDifference,
  findRowDifference,
  findStampDifference,
  findStartDifference,
} from "./scenario-difference.ts";
import { isOrdered, type Pass, recordedPass, type SimulatedStep, simulateStep } from "./scenario-step.ts";
import {
  applyChange,
  copyScenarioWorld,
  createScenarioWorld,
  getBuilder,
  type ScenarioWorld,
} from "./scenario-world.ts";
import { AGREES, type Verdict } from "./verdict.ts";

/** What is left to chance in the recordings of our own layer is gone through in these ways, too. */
const OWN_PASSES: readonly Pass[] = [
  { order: "own", workers: 4, seed: 0 },
  { order: "own", workers: 1, seed: 1 },
  { order: "own", workers: 3, seed: 2 },
];

/**
 * Builds a recorded scenario step by step, and compares with what BitBake decided in each. Builders, sstate cache and
 * server are carried from step to step as they come out here, not as they were recorded. Each step is built once more, from the same
 * state, in an order of our own with several workers: then the same must be done, if not in the same order; where that depends
 * on timing, something between what is always done and what is done sometimes.
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
  const before = { objects: await world.store.list(), rows: world.server.rows };
  for (const change of step.changes) await applyChange(world, step.builder, change);
  const copies = scenario.layer === "selftest" ? [] : OWN_PASSES;
  const worlds = await Promise.all(copies.map(() => copyScenarioWorld(world)));
  const difference = await checkPass(scenario, step, world, before, recordedPass(scenario));
  if (difference !== undefined) return { verdict: "differs", difference };
  for (const [i, pass] of copies.entries()) {
    const own = await checkPass(scenario, step, worlds[i] as ScenarioWorld, before, pass);
    if (own === undefined) continue;
    const how = `in our own order, with ${pass.workers} workers`;
    return { verdict: "differs", difference: `${how}: ${own}` };
  }
  return AGREES;
}

/** What there was before a step and its changes. */
interface Before {
  readonly objects: readonly string[];
  readonly rows: readonly string[];
}

async function checkPass(scenario: Scenario, step: ScenarioStep, world: ScenarioWorld, before: Before, pass: Pass) {
  const { result } = step;
  const simulated = await simulateStep(scenario, step, world, pass);
  if (simulated === undefined) return undefined;
  const started = findStartDifference(scenario, result, simulated);
  if (started !== undefined) return started;
  // Only with one task at a time, in the recorded order, is there one outcome of a step which depends on timing.
  if (result.timing === true && !isOrdered(pass)) return findEnvelopeDifference(result, simulated);
  // Whether it depends on timing was not found out.
  if (result.timing === undefined && pass.order === "own") return undefined;
  const objects = await world.store.list();
  return (
    findOutcomeDifference(pass, result, simulated) ??
    (isOrdered(pass) || !declares(simulated) ? findRowDifference(result, before.rows, world.server.rows) : undefined) ??
    findStampDifference(result.stamps, getBuilder(world, step.builder)) ??
    findObjectDifference(result, before.objects, objects)
  );
}

/** With what hash a restored task is declared to the server depends on the order in which answers come from below. */
function declares({ build }: SimulatedStep): boolean {
  return build.events.some((event) => event.type === "remapped");
}

/** What does not fit together in a recording is found where it is used: the message says in which step. */
function asScenarioError(error: unknown, index: number): unknown {
  const at = `steps[${index}].result`;
  if (error instanceof ScenarioError)
    return new ScenarioError(`${at}.${error.place.field}`, error.problem, { cause: error });
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
