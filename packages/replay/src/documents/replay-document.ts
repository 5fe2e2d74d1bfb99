import { z } from "zod";
import {
  account,
  builder,
  byCount,
  count,
  durationsUsed,
  historyUsed,
  listOf,
  outcomeWord,
  seconds,
  shares,
  text,
} from "./parts.ts";

const counts = byCount(count).meta({ id: "counts" });
/** What restoring takes may be unknown. */
const serial = byCount(z.number()).extend({ restored: seconds });
const buildTime = z.strictObject({ serial, wall: z.number(), critical: z.number() }).meta({ id: "time" });
const summedTime = z.strictObject({ sum: buildTime });

const step = z.strictObject({
  step: count,
  id: text,
  date: text,
  commits: listOf(z.strictObject({ id: text, title: text })),
  tasks: count,
  changed: count,
  added: count,
});

const unsound = z.strictObject({
  policy: text,
  step: count,
  id: text,
  title: text,
  task: text,
  why: z.enum(["other-output", "equivalence-unseen", "taskhash-shared", "object", "stamp"]),
  stale: count,
});

const labels = z.strictObject({
  name: text,
  otherwise: outcomeWord,
  unmatched: listOf(z.strictObject({ step: count, pn: text, task: text })),
  labels: listOf(
    z.strictObject({
      commit: text,
      recipe: text.optional(),
      task: text.optional(),
      outcome: z.union([
        outcomeWord,
        z.strictObject({ as: text }),
        z.strictObject({
          does: z.enum(["contained", "propagating"]),
          unseen: z.literal(true).optional(),
          spares: listOf(text).optional(),
        }),
      ]),
      reason: text,
      sure: z.boolean(),
      decided: count,
    }),
  ),
});

/** What `depid replay --json` prints (`depid-replay/1`, docs/formats.md). */
export const replayDocumentSchema = z.strictObject({
  format: z.literal("depid-replay/1"),
  history: historyUsed,
  setting: z.strictObject({
    builder,
    topology: text.optional(),
    outcomes: text,
    workers: count,
    seed: z.number(),
  }),
  unsound: listOf(unsound),
  verdict: listOf(text),
  definitions: z.strictObject({ counts: byCount(text), policies: z.record(text, text), notes: listOf(text) }),
  durations: durationsUsed.nullable(),
  assumed: listOf(text),
  steps: listOf(step),
  policies: listOf(
    z.strictObject({
      name: text,
      sum: counts,
      time: summedTime.extend({ steps: listOf(buildTime) }).optional(),
      steps: listOf(counts),
      builders: listOf(
        z.strictObject({ name: text, builds: count, sum: counts, time: summedTime.optional() }),
      ).optional(),
    }),
  ),
  needless: listOf(
    z.strictObject({ policy: text, recipes: listOf(z.strictObject({ recipe: text, tasks: count, seconds })) }),
  ),
  outcomes: shares,
  account,
  labels: listOf(labels).optional(),
  sensitivity: listOf(
    z.strictObject({
      model: text,
      definition: text,
      policies: listOf(z.strictObject({ name: text, sum: counts, time: summedTime.optional() })),
    }),
  ).optional(),
});

export type ReplayDocument = z.output<typeof replayDocumentSchema>;
