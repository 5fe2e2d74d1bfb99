import { explainDocumentSchema } from "@depid/compare/documents";
import { replayDocumentSchema } from "@depid/replay/documents";
import { z } from "zod";

const text = z.string();
const count = z.int().min(0);
const names = z.array(text).readonly();

const build = z.strictObject({
  step: count,
  policy: text,
  tasks: count,
  executed: names,
  restored: names,
  stale: names,
});

const expected = z.strictObject({
  step: count,
  policy: text,
  what: z.enum(["executed", "restored", "stale"]),
  expected: names,
  found: names,
  holds: z.boolean(),
});

const execution = z.strictObject({
  clean: count,
  executed: count,
  stored: count,
  restored: count,
  compared: count,
  network: z.boolean(),
  differences: z.array(z.strictObject({ step: count, policy: text, task: text, stale: z.boolean() })).readonly(),
});

const replayed = z.strictObject({
  name: text,
  title: text,
  explanation: text,
  builds: z.array(build).readonly(),
  expected: z.array(expected).readonly(),
  execution: execution.optional(),
});

const explained = z.strictObject({ name: text, step: count, title: text, explanation: text });

/** What `depid replay --json` prints, of a scenario too. */
export const scenarioReplaySchema = replayDocumentSchema.extend({ scenario: replayed.optional() });

/** What `depid explain --json` prints, of a step of a scenario too. */
export const scenarioExplainSchema = explainDocumentSchema.extend({ scenario: explained.optional() });

export type ReplayedScenario = z.output<typeof replayed>;
export type ExplainedScenario = z.output<typeof explained>;
