export { captureStep } from "./captured-step.ts";
export { ScenarioError } from "./errors.ts";
export { formatBuilds, formatExplanation } from "./format-scenario.ts";
export type { Expectation, Scenario, TaskCommand } from "./scenario.ts";
export {
  type CheckedExpectation,
  checkExpectations,
  describeBuild,
  type ScenarioBuild,
} from "./scenario-run.ts";
