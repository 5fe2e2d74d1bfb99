export { findScenario, listScenarios } from "./find-scenario.ts";
