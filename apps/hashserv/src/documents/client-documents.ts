import { z } from "zod";

const text = z.string();
const texts = z.array(text).readonly();
const count = z.int().min(0);
const seconds = z.number().min(0);

const usage = z
  .strictObject({ usage: z.record(text, z.strictObject({ rows: count })).readonly(), total: count })
  .meta({ id: "usage" });

/** What a series of times comes to, in seconds. */
const times = z
  .strictObject({
    count: z.int().min(1),
    mean: seconds,
    median: seconds,
    deviation: seconds.meta({ description: "of the population" }),
    min: seconds,
    max: seconds,
  })
  .meta({ id: "times" });

const stress = z
  .strictObject({ clients: count, requests: count, elapsed: seconds, found: count, missed: count, times })
  .meta({ id: "stress" });

const user = z.strictObject({ username: text, permissions: texts }).meta({ id: "user" });

/**
 * What subcommands of `depid-hashclient` print with `--json` (docs/formats.md), all but those that print what the server answers: `get`, `get-outhash` and `stats`.
 */
export const clientDocumentSchema = z.union([
  usage,
  texts.meta({ id: "columns" }),
  z.boolean().meta({ id: "exists" }),
  times,
  stress,
  z.strictObject({ count }).meta({ id: "count" }),
  z.strictObject({ mark: text.nullable(), keep: count, remove: count }).meta({ id: "gc-status" }),
  user,
  z.null().meta({ id: "no-user" }),
  z.array(user).readonly().meta({ id: "users" }),
  z.strictObject({ username: text, permissions: texts, token: text }).meta({ id: "new-user" }),
  z.strictObject({ username: text, token: text }).meta({ id: "new-token" }),
  z.strictObject({ username: text }).meta({ id: "deleted-user" }),
]);

export type ClientDocument = z.output<typeof clientDocumentSchema>;
export type TimesDocument = z.output<typeof times>;
export type StressDocument = z.output<typeof stress>;
