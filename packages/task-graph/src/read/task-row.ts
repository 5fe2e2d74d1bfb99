import {
  type BaseHash,
  outsideReason,
  parseBaseHash,
  parseDepId,
  parseTaskHash,
  parseTid,
  type Tid,
} from "@depid/hash";
import { z } from "zod";
import type { Task } from "../task.ts";
import type { Variable } from "../variable.ts";

const text = z.string();
const interned = new Map<string, Tid>();

/** A tid in a file. */
export const tidField = text.transform(narrowedBy(internTid));
const basehashField = text.transform(narrowedBy((value): BaseHash => parseBaseHash(value)));
export const taskhashField = text.transform(narrowedBy(parseTaskHash));
export const depidField = text.transform(narrowedBy(parseDepId));

/** The keys of a task row, as histories and captures have them (docs/formats.md). */
export const TASK_FIELDS = {
  tid: tidField,
  pn: text.min(1),
  task: text.min(1),
  version: text,
  basehash: basehashField,
  hashdeps: z.array(tidField),
  execdeps: z.array(tidField),
  harddeps: z.array(tidField).optional(),
  files: z.array(z.tuple([text, text.nullable()])),
  taint: text.optional(),
  setscene: z.boolean(),
  nostamp: z.boolean(),
  noexec: z.boolean().optional(),
  stamp: text,
  stamp_extra: text.optional(),
  hashfn: text,
};

const NONE: readonly Tid[] = [];

type TaskRow = z.output<z.ZodObject<typeof TASK_FIELDS>>;

/**
 * The task of a row. One literal, so that all tasks share a shape: hashing reads these members millions of times.
 *
 * @param variables what the basehash was computed from: rows only point at them
 */
export function taskOfRow(row: TaskRow, variables?: readonly Variable[]): Task {
  return {
    tid: row.tid,
    pn: row.pn,
    task: row.task,
    version: row.version,
    basehash: row.basehash,
    hashdeps: row.hashdeps,
    execdeps: row.execdeps,
    harddeps: row.harddeps ?? NONE,
    files: row.files,
    taint: row.taint,
    setscene: row.setscene,
    nostamp: row.nostamp,
    noexec: row.noexec ?? false,
    stamp: row.stamp,
    stampExtra: row.stamp_extra ?? "",
    hashfn: row.hashfn,
    variables,
  };
}

/** One string object per tid: a file names each thousands of times, and maps find the same object faster. */
function internTid(text: string): Tid {
  const known = interned.get(text);
  if (known !== undefined) return known;
  const tid = parseTid(text);
  interned.set(tid, tid);
  return tid;
}

function narrowedBy<T>(parse: (value: string) => T): (value: string, context: z.RefinementCtx) => T {
  return (value, context) => {
    try {
      return parse(value);
    } catch (error) {
      context.addIssue({ code: "custom", message: outsideReason(error) });
      return z.NEVER;
    }
  };
}
