import { DURATION_SOURCES } from "@depid/durations";
import { z } from "zod";

export const text = z.string();
export const count = z.int().min(0);
/** Names of tasks, `[mc:NAME:]PN:TASK`, or of variables. */
export const names = z.array(text).readonly();
/** What a change seems to do to outputs; null: nothing says it. */
const suggestion = z.enum(["neutral", "contained", "propagating"]).nullable();

/** What kind of change it seems to be, as evidence. */
export const changeClass = z
  .strictObject({
    name: z.enum([
      "comment or white space",
      "log messages",
      "reordered list",
      "function code",
      "package text",
      "patch refreshed",
      "checksum only",
      "sources",
      "version upgrade",
      "dependency list",
      "compiler flags",
      "configuration",
      "package list",
      "taint",
      "clock",
      "other metadata",
      "unknown",
      "several kinds",
    ]),
    sure: z.enum(["likely", "unsure"]),
    suggests: suggestion,
    reason: text,
  })
  .meta({ id: "class" });

/** Of the first and of the second build. */
export const pair = z.tuple([text, text]).readonly();

/** A build under the name that the user gave it, with what its capture says of itself. */
export const side = z.strictObject({
  input: text,
  tasks: count,
  origin: z.record(text, text).readonly(),
  unknown: names,
  assumed: names,
});

/** Dependencies that a change came through, with their depids. */
export const through = z.array(z.strictObject({ name: text, before: text, after: text })).readonly();

/** Through variables that name each other, from the task to the variable; null: not recorded, or no variable. */
export const way = names.nullable().meta({ id: "way" });
/** Where `vardepsexclude` keeps the time of the build out; null: it is of no use. */
export const exclude = z.strictObject({ on: text, variable: text }).nullable().meta({ id: "exclude" });

/** Seconds of work, as an estimate. */
export const work = z.strictObject({ serial: z.number(), wall: z.number(), critical: z.number() }).meta({ id: "work" });
export const sources = z.strictObject(
  Object.fromEntries(DURATION_SOURCES.map((it) => [it, count])) as Record<
    (typeof DURATION_SOURCES)[number],
    typeof count
  >,
);

const variable = z.strictObject({ value: text.nullable(), deps: names }).nullable();

/** Texts of a variable on both sides. */
export const variableTexts = { before: variable, after: variable };

/**
 * An own change of a task (`OwnChange`), with more keys of whatever kind it is.
 *
 * @param texts what a change of a variable says of its texts
 */
export function ownChange<T extends z.ZodRawShape, M extends z.ZodRawShape>(texts: T, more: M) {
  const kind = <K extends string, S extends z.ZodRawShape>(name: K, shape: S) =>
    z.strictObject({ kind: z.literal(name), ...shape, ...more });
  return z.discriminatedUnion("kind", [
    kind("variable", {
      name: text,
      change: z.enum(["added", "removed", "text", "dependencies"]),
      isFunction: z.boolean(),
      ...texts,
    }),
    kind("metadata", {}),
    kind("file", {
      name: text,
      change: z.enum(["added", "removed", "checksum"]),
      before: text.nullable(),
      after: text.nullable(),
    }),
    kind("taint", { before: text.nullable(), after: text.nullable() }),
    kind("dependency", { name: text, change: z.enum(["added", "removed"]), sameRecipe: z.boolean() }),
    kind("order", { of: z.enum(["files", "dependencies"]) }),
    kind("unknown inputs", { name: text, before: text, after: text }),
    kind("other depid", {
      name: text,
      before: text,
      after: text,
      byLock: z.literal(true).optional(),
      notAtHand: z.literal(true).optional(),
    }),
    kind("unexplained", {}),
  ]);
}
