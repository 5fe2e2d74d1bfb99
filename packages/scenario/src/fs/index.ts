export { findScenario, findScenarioStep, listScenarios, type ScenarioStep } from "./find-scenario.ts";
