import type { Run } from "@depid/run-document";
import type { Choices } from "./state.ts";

/** What a run gives to choose from. */
export function choicesOf(run: Run): Choices {
  return {
    policies: run.policies,
    builders: run.builders,
    steps: run.replay.steps.length,
    counts: Object.keys(run.replay.definitions.counts),
    knowsTime: run.replay.durations !== null,
  };
}
