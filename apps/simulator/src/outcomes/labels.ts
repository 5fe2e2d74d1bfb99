import { checkLabels, createLabelSource, LabelsError, parseLabels } from "@depid/replay";
import { readTextAs } from "../read-text.ts";
import { OptionError } from "./errors.ts";
import type { SourceReader } from "./source-reader.ts";

/** `labels:FILE`: what somebody says who read the commits. */
export const readLabels: SourceReader = async (file, name, { history }) => {
  if (file === "") throw new LabelsError("--outcomes", 0, `${name}: expected labels:FILE`);
  const labels = parseLabels(await readTextAs("labels", file, LabelsError), file);
  checkLabels(labels, file, history.steps);
  return { labels: { file, labels }, create: (change) => createLabelSource(change(labels), name) };
};

/** `scenario`: what the scenario that is replayed says of its changes. */
export const readScenarioOutcomes: SourceReader = async (argument, name, { scenario }) => {
  if (argument !== "") throw new OptionError(`${name}: expected scenario alone`);
  if (scenario === undefined)
    throw new OptionError(`--outcomes ${name}: expected a scenario to be replayed, found a history`);
  const { labels } = scenario;
  return { labels: { file: scenario.name, labels }, create: (change) => createLabelSource(change(labels), name) };
};
