import { readFileSync } from "node:fs";
import { formatEvent } from "@depid/runqueue";
import { expect, it } from "vitest";
import { parseScenario } from "./scenario.ts";
import { recordedPass, simulateStep } from "./scenario-step.ts";
import { applyChange, createScenarioWorld } from "./scenario-world.ts";

const ROOT = new URL("../../../", import.meta.url);

it("docs/runqueue.md quotes the log of the recorded build, in order", async () => {
  const page = readFileSync(new URL("docs/runqueue.md", ROOT), "utf8");
  const quoted = [...page.matchAll(/```log\n(.*?)```/gs)].flatMap(([, block = ""]) => block.trimEnd().split("\n"));
  expect(quoted.length).toBeGreaterThan(20);
  let from = 0;
  const log = await logOfExample();
  for (const line of quoted) {
    const at = log.indexOf(line, from);
    expect(at, line).toBeGreaterThanOrEqual(from);
    from = at + 1;
  }
});

/** The log of the second build, with recipe names in place of files, and hashes cut short. */
async function logOfExample(): Promise<readonly string[]> {
  const file = new URL("fixtures/runqueue/h02-neutral-at-bottom.json", ROOT);
  const scenario = parseScenario(JSON.parse(readFileSync(file, "utf8")));
  const world = createScenarioWorld();
  let log: readonly string[] = [];
  for (const step of scenario.steps.slice(0, 2)) {
    for (const change of step.changes) await applyChange(world, step.builder, change);
    const simulated = await simulateStep(scenario, step, world, recordedPass(scenario));
    log = simulated?.build.events.map(formatEvent) ?? [];
  }
  return log.map((line) => line.replace(/\/([a-z]+)\.bb/g, "$1").replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/g, "$1"));
}
