import type { KnowledgeSource } from "@depid/replay";
import { OptionError } from "./errors.ts";
import { readLabels, readScenarioOutcomes } from "./labels.ts";
import type { SourceReader } from "./source-reader.ts";

/** The kinds of members that a chain of outcomes may have, by the word before the colon. */
export const SOURCES: Readonly<Record<string, SourceReader>> = {
  recorded: async (...member) => (await import("./recorded.ts")).readRecorded(...member),
  labels: readLabels,
  scenario: readScenarioOutcomes,
  classes: withoutArgument(async () => (await import("./classes.ts")).createClassOutcomes),
};

/** A kind of members that are a word alone. */
function withoutArgument(load: () => Promise<() => KnowledgeSource>): SourceReader {
  return async (argument, name) => {
    if (argument !== "") throw new OptionError(`${name}: expected ${name.split(":")[0]} alone`);
    return { create: await load() };
  };
}
