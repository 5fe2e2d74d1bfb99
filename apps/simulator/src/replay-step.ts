import type { ProgressStep } from "@depid/command-line/progress";
import type { ReplayProgress } from "@depid/replay";

/** How far a replay is: `replay: step 3 of 42`, and for who watches the policy, and the share of the builds that are done. */
export function replayStep(title: string, { step, steps, policy, done, builds }: ReplayProgress): ProgressStep {
  return { stage: `${title}: step ${step + 1} of ${steps}`, detail: policy, done, total: builds };
}
