import { parseDepId } from "@depid/hash";
import { type Conditions, NO_DETAILS } from "@depid/hashserv-protocol";
import { markEquivalences, removeRows, removeUnused, sweep } from "../../equivalence/garbage.ts";
import { reportEquivalence, reportOutHash } from "../../equivalence/report.ts";
import type { Storage } from "../../storage/storage.ts";

/** Something a client asks for, under the method "m". */
export type Step = Change | Question;

export type Change =
  | { readonly type: "report"; readonly taskhash: string; readonly outhash: string; readonly depid: string }
  | { readonly type: "equivalence"; readonly taskhash: string; readonly depid: string }
  | { readonly type: "remove"; readonly where: Conditions }
  | { readonly type: "mark"; readonly mark: string; readonly where: Conditions }
  | { readonly type: "sweep"; readonly mark: string }
  | { readonly type: "clean" };

export type Question =
  | { readonly type: "depid"; readonly taskhash: string }
  | { readonly type: "exists"; readonly depid: string }
  | { readonly type: "oldest of task"; readonly taskhash: string }
  | { readonly type: "oldest of output"; readonly outhash: string }
  | { readonly type: "oldest record"; readonly outhash: string };

const FUTURE = "3000-01-01T00:00:00+00:00";

/** Carries out a step; of rows, what a model knows of them. @returns what a client would be told */
export async function carryOut(storage: Storage, step: Step): Promise<unknown> {
  switch (step.type) {
    case "report": {
      const details = { ...NO_DETAILS, PN: step.taskhash === "t0" ? "p" : null };
      return reportOutHash(storage, { ...step, method: "m", depid: parseDepId(step.depid), details });
    }
    case "equivalence":
      return reportEquivalence(storage, { method: "m", taskhash: step.taskhash, depid: parseDepId(step.depid) });
    case "remove":
      return removeRows(storage, step.where);
    case "mark":
      return markEquivalences(storage, step.mark, step.where);
    case "sweep":
      return sweep(storage, step.mark).catch((error: Error) => error.message);
    case "clean":
      return removeUnused(storage, FUTURE);
    case "depid":
      return (await storage.read.findDepIds([{ method: "m", taskhash: step.taskhash }]))[0];
    case "exists":
      return (await storage.read.depIdsExist([step.depid]))[0];
    case "oldest of task":
      return select(await storage.read.findOldestOfTask({ method: "m", taskhash: step.taskhash }));
    case "oldest of output":
      return select(await storage.read.findOldestOfOutput("m", step.outhash));
    case "oldest record":
      return select(await storage.read.findOldestRecord("m", step.outhash));
  }
}

/** What of a row is the same wherever it is kept. */
function select(row: { readonly taskhash: string; readonly outhash: string; readonly depid?: string } | undefined) {
  return row && [row.taskhash, row.outhash, row.depid];
}
