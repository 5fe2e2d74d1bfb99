import { listScenarios } from "@depid/scenario/fs";

/** Prints name and title of each scenario that comes with depid. */
export async function listAllScenarios(): Promise<void> {
  const scenarios = await listScenarios();
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  process.stdout.write(scenarios.map(({ name, title }) => `${name.padEnd(width)}  ${title}\n`).join(""));
}
