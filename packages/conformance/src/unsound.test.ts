import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseScenario } from "./scenario.ts";
import { recordedPass, simulateStep } from "./scenario-step.ts";
import { applyChange, createScenarioWorld } from "./scenario-world.ts";

const FOLDER = new URL("../../../fixtures/runqueue/", import.meta.url);

it.each([
  ["h41-twins", "taskhash-shared"],
  ["h42-not-reproducible", "other-output"],
  ["h43-remap-unsound", "equivalence-unseen"],
])("%s: before anything wrong is reused, the log says %s", async (name, expected) => {
  const scenario = parseScenario(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")));
  const world = createScenarioWorld();
  const said = new Set<string>();
  let wrong = 0;
  for (const step of scenario.steps) {
    for (const change of step.changes) await applyChange(world, step.builder, change);
    const simulated = await simulateStep(scenario, step, world, recordedPass(scenario));
    for (const event of simulated?.build.events ?? []) if (event.type === "unsound") said.add(event.why);
    wrong += simulated?.wrong.length ?? 0;
    if (wrong > 0) expect([...said]).toContain(expected);
  }
  expect(wrong).toBeGreaterThan(0);
});
