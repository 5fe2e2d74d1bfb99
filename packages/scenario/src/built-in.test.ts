import { createDurations } from "@depid/durations";
import { createLabelSource, fatesOf, getPolicy, OutcomeChain, pessimistic, replayHistory } from "@depid/replay";
import { createTableService } from "@depid/replay/testing";
import { describe, expect, it } from "vitest";
import { listScenarios } from "./fs/index.ts";
import type { Scenario } from "./scenario.ts";
import { checkExpectations, describeBuild, type ScenarioBuild } from "./scenario-run.ts";

/** Every build of every policy that a scenario names. */
async function play(scenario: Scenario): Promise<readonly ScenarioBuild[]> {
  const builds: ScenarioBuild[] = [];
  const durations = createDurations(scenario.durations);
  await replayHistory(scenario.history, {
    policies: scenario.policies.map((name) => getPolicy(name, scenario.policyOptions)),
    outcomes: new OutcomeChain([createLabelSource(scenario.labels, "scenario")], pessimistic),
    unseenDeps: scenario.unseenDeps,
    irreproducible: { rules: scenario.irreproducible, seed: "0" },
    service: createTableService(),
    namespace: "test",
    builder: scenario.builder,
    ...(scenario.topology === undefined ? {} : { topology: scenario.topology }),
    workers: scenario.workers,
    seed: 0,
    secondsOf: (task, variant) => durations.durationOf(task, variant).seconds,
    onBuild: (build) => void builds.push(describeBuild(scenario, fatesOf(build))),
  });
  return builds;
}

const scenarios = await listScenarios();

describe.each(scenarios)("the scenario $name", (scenario) => {
  it("goes as it says, and says something of each change", async () => {
    const checked = checkExpectations(scenario.expectations, await play(scenario));
    expect(checked.filter(({ holds }) => !holds)).toEqual([]);
    const changing = scenario.labels.labels.map(({ commit }) => commit);
    const told = checked.map(({ step }) => scenario.history.steps[step]?.id);
    expect(changing.filter((it) => !told.includes(it))).toEqual([]);
  });
});

it("a scenario that goes otherwise than it says is told of", async () => {
  const [scenario] = scenarios as [Scenario];
  const wrong = { step: 0, policy: "basichash", runs: [] };
  const [checked] = checkExpectations([wrong], await play(scenario));
  expect(checked).toMatchObject({ step: 0, policy: "basichash", what: "executed", expected: [], holds: false });
});
