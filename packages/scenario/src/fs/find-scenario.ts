import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { byCodePoint, closestNames, outsideReason } from "@depid/hash";
import { ScenarioError } from "../errors.ts";
import type { Scenario } from "../scenario.ts";

/** Scenarios that come with the package: NAME.yaml. */
const BUILT_IN = join(import.meta.dirname, "../../scenarios");
const ENDING = /\.ya?ml$/;

/**
 * The scenario that a command line names: a path that ends in .yaml or .yml, or the name of one that comes with the package, unless something of that name is
 * there.
 *
 * @returns `undefined` if it names something else: what is there, or a path
 * @throws {ScenarioError} naming file, line, column and field; or, for a word that names nothing, the scenarios that there are
 */
export async function findScenario(input: string): Promise<Scenario | undefined> {
  if (ENDING.test(input)) return readScenario(input, input);
  if (!WORD.test(input) || (await isThere(input))) return undefined;
  const names = await namesOfBuiltIn();
  if (names.includes(input)) return readScenario(join(BUILT_IN, `${input}.yaml`), input);
  const [nearest] = closestNames(names, input);
  const proposal = nearest === undefined ? "" : ` (did you mean ${nearest}?)`;
  throw new ScenarioError(
    input,
    0,
    `no such file or directory, and no such scenario${proposal}: expected a path, or one of ${names.join(", ")}`,
  );
}

/** What may be the name of a scenario. */
const WORD = /^[a-z0-9-]+$/;

/** A step of a scenario, which is a build. */
export interface ScenarioStep {
  readonly scenario: Scenario;
  /** Counted from 0. */
  readonly step: number;
}

/**
 * The step that a command line names: `NAME@STEP`, or of NAME alone the last.
 *
 * @returns `undefined` if it names no scenario
 * @throws {ScenarioError} as `findScenario`, and where there is no such step
 */
export async function findScenarioStep(input: string): Promise<ScenarioStep | undefined> {
  const [, name = input, wanted] = /^(.+)@(\d+)$/.exec(input) ?? [];
  const scenario = await findScenario(name);
  if (scenario === undefined) return undefined;
  const last = scenario.history.steps.length - 1;
  const step = wanted === undefined ? last : Number(wanted);
  if (step > last) throw new ScenarioError(input, 0, `no such step: expected a number from 0 to ${last}`);
  return { scenario, step };
}

/** All that come with the package, by name. */
export async function listScenarios(): Promise<readonly Scenario[]> {
  const names = await namesOfBuiltIn();
  return Promise.all(names.map((it) => readScenario(join(BUILT_IN, `${it}.yaml`), it)));
}

async function namesOfBuiltIn(): Promise<readonly string[]> {
  const files = (await readdir(BUILT_IN)).filter((it) => it.endsWith(".yaml"));
  return files.map((it) => basename(it, ".yaml")).sort(byCodePoint);
}

async function readScenario(file: string, name: string): Promise<Scenario> {
  const { parseScenario } = await import("../read/index.ts"); // with it come zod and a reader of YAML
  return parseScenario(await readText(file), name, file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new ScenarioError(file, 0, `cannot be read as a scenario: ${outsideReason(cause)}`, { cause });
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
