import { OptionError } from "./errors.ts";
import { readLabels, readScenarioOutcomes } from "./labels.ts";
import type { ReadSource, SourceReader } from "./source-reader.ts";

/** The kinds of members that a chain of outcomes may have, by the word before the colon. */
export const SOURCES: Readonly<Record<string, SourceReader>> = {
  recorded: async (...member) => (await import("./recorded.ts")).readRecorded(...member),
  labels: readLabels,
  scenario: readScenarioOutcomes,
  classes: readClasses,
  executed: readExecuted,
};

/** `executed`: what the commands of the scenario made. */
async function readExecuted(...[argument, name, { executed }]: Parameters<SourceReader>): Promise<ReadSource> {
  if (argument !== "") throw new OptionError(`${name}: expected executed alone`);
  if (executed === undefined)
    throw new OptionError(`--outcomes ${name}: expected --execute with it, which runs the commands of a scenario`);
  return { create: () => executed.asSource() };
}

/** `classes`: a guess by the class of each change; `classes:FILE`: drawn, with the probabilities of a file. */
async function readClasses(...[file, name, { seed = 0 }]: Parameters<SourceReader>): Promise<ReadSource> {
  const { createClassOutcomes, createDrawnClasses } = await import("./classes.ts");
  if (!name.includes(":")) return { create: createClassOutcomes };
  const { readClassOdds } = await import("./read-class-odds.ts");
  const odds = await readClassOdds(file);
  return { create: (_, draw = String(seed)) => createDrawnClasses(odds, draw, name) };
}
