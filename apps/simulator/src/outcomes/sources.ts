import { readLabels } from "./labels.ts";
import { readRecorded } from "./recorded.ts";
import type { SourceReader } from "./source-reader.ts";

/** The kinds of members that a chain of outcomes may have, by the word before the colon. */
export const SOURCES: Readonly<Record<string, SourceReader>> = {
  recorded: readRecorded,
  labels: readLabels,
};
