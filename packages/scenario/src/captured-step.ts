import { hashCapture } from "@depid/siggen";
import { type Capture, settingsAt, TaskGraph } from "@depid/task-graph";
import type { Scenario } from "./scenario.ts";

/** One step of a scenario as a capture: what BitBake would have recorded of it. Depids are the taskhashes. @param step counted from 0 */
export function captureStep({ name, history: { steps } }: Scenario, step: number): Capture {
  const graph = new TaskGraph([]);
  for (const { change } of steps.slice(0, step + 1)) graph.apply(change);
  return {
    header: {
      origin: { source: `${name}@${step}` },
      unknown: [],
      assumed: ["depids: those of the generator basichash, the taskhashes"],
      settings: settingsAt(steps, step).settings,
    },
    tasks: hashCapture(graph.tasks),
  };
}
