import { type BaseHash, parseBaseHash, parseTid, type Tid } from "@depid/hash";
import { z } from "zod";
import type { CaptureChange } from "./change.ts";
import { HistoryError } from "./errors.ts";
import type { Task } from "./task.ts";

/** An ordered series of captures, stored as first capture and changes (`depid-history/1`). */
export interface History {
  readonly header: HistoryHeader;
  readonly steps: readonly HistoryStep[];
}

/** Where a history comes from: free text by name (`tool`, `layer`, `target`, `machine`, `handler` …). */
export type HistoryHeader = Readonly<Record<string, string>>;

export interface HistoryCommit {
  readonly id: string;
  readonly title: string;
}

/** One state of the metadata, as the change from the state before; step 0 is the change from nothing. */
export interface HistoryStep {
  /** Counted from 0. */
  readonly step: number;
  /** Commit of the state. */
  readonly id: string;
  /** Date of that commit, ISO 8601. */
  readonly date: string;
  /** First-parent commits since the step before, oldest first. */
  readonly commits: readonly HistoryCommit[];
  readonly change: CaptureChange;
  readonly expect: StepExpectation;
}

/** What the recording says of the state, for checking. */
export interface StepExpectation {
  readonly tasks: number;
  /** SHA-256 over the lines `<tid> <taskhash>\n` of all tasks by code point, depid being the taskhash. */
  readonly taskhashes: string;
  /** How many tasks present before and after have another taskhash; absent at step 0. */
  readonly changed?: number;
}

export const HISTORY_FORMAT = "depid-history/1";

const text = z.string();
const tid = text.transform((value, context): Tid => narrowed(() => intern(parseTid(value)), context));
const basehash = text.transform((value, context): BaseHash => narrowed(() => parseBaseHash(value), context));
const interned = new Map<Tid, Tid>();
const hex64 = text.regex(/^[0-9a-f]{64}$/, "expected 64 lowercase hexadecimal digits");

const taskRow = z
  .strictObject({
    tid,
    pn: text.min(1),
    task: text.min(1),
    version: text,
    basehash,
    hashdeps: z.array(tid),
    execdeps: z.array(tid),
    files: z.array(z.tuple([text, text.nullable()])),
    taint: text.optional(),
    setscene: z.boolean(),
    nostamp: z.boolean(),
    noexec: z.boolean().optional(),
    stamp: text,
    stamp_extra: text.optional(),
    hashfn: text,
  })
  .transform(
    // One literal, so that all tasks share a shape: hashing reads these members millions of times.
    (row): Task => ({
      tid: row.tid,
      pn: row.pn,
      task: row.task,
      version: row.version,
      basehash: row.basehash,
      hashdeps: row.hashdeps,
      execdeps: row.execdeps,
      files: row.files,
      taint: row.taint,
      setscene: row.setscene,
      nostamp: row.nostamp,
      noexec: row.noexec ?? false,
      stamp: row.stamp,
      stampExtra: row.stamp_extra ?? "",
      hashfn: row.hashfn,
    }),
  );

const stepRow = z
  .strictObject({
    step: z.int().min(0),
    id: text,
    date: text,
    commits: z.array(z.strictObject({ id: text, title: text })),
    upsert: z.array(taskRow),
    remove: z.array(tid),
    expect: z.strictObject({ tasks: z.int(), taskhashes: hex64, changed: z.int().optional() }),
  })
  .transform(
    ({ upsert, remove, expect: { changed, ...expect }, ...step }): HistoryStep => ({
      ...step,
      change: { upsert, remove },
      expect: { ...expect, ...(changed === undefined ? {} : { changed }) },
    }),
  );

const headerRow = z.object({ format: z.literal(HISTORY_FORMAT) }).catchall(text);

/**
 * Reads the lines of a history. Whether the changes fit each other is found out when they are applied.
 *
 * @param source what the lines came from, for messages
 * @throws {HistoryError} naming source, line and field
 */
export function parseHistory(lines: Iterable<string>, source: string): History {
  let header: HistoryHeader | undefined;
  const steps: HistoryStep[] = [];
  let line = 0;
  for (const content of lines) {
    line += 1;
    if (header === undefined) {
      const { format: _, ...rest } = parseLine(headerRow, content, source, line);
      header = rest;
      continue;
    }
    const step = parseLine(stepRow, content, source, line);
    if (step.step !== steps.length) {
      throw new HistoryError(source, line, `step: expected ${steps.length}, found ${step.step}`);
    }
    steps.push(step);
  }
  if (header === undefined)
    throw new HistoryError(source, 0, `expected a first line with "format": "${HISTORY_FORMAT}", found nothing`);
  if (steps.length === 0)
    throw new HistoryError(source, 0, "expected at least one step after the first line, found none");
  return { header, steps };
}

/** The lines of a history, without line ends; the inverse of `parseHistory`. */
export function* formatHistory(history: History): Generator<string> {
  yield JSON.stringify({ format: HISTORY_FORMAT, ...history.header });
  for (const { change, expect, ...step } of history.steps) {
    yield JSON.stringify({ ...step, upsert: change.upsert.map(formatTask), remove: change.remove, expect });
  }
}

function formatTask({ noexec, stampExtra, ...task }: Task): object {
  return { ...task, ...(noexec ? { noexec } : {}), ...(stampExtra === "" ? {} : { stamp_extra: stampExtra }) };
}

function parseLine<T>(row: z.ZodType<T>, content: string, source: string, line: number): T {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (cause) {
    throw new HistoryError(source, line, `expected a JSON object, found ${excerpt(content)}`, { cause });
  }
  const result = row.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue === undefined ? "" : formatPath(issue.path);
  throw new HistoryError(source, line, `${field === "" ? "" : `${field}: `}${issue?.message ?? "not as expected"}`);
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === "number" ? `[${key}]` : `${i > 0 ? "." : ""}${String(key)}`)).join("");
}

/** One string object per tid: a history names each thousands of times, and maps find the same object faster. */
function intern(tid: Tid): Tid {
  const known = interned.get(tid);
  if (known !== undefined) return known;
  interned.set(tid, tid);
  return tid;
}

function excerpt(content: string): string {
  return content.length > 60 ? `${JSON.stringify(content.slice(0, 57))}...` : JSON.stringify(content);
}

function narrowed<T>(parse: () => T, context: z.RefinementCtx): T {
  try {
    return parse();
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
}
