import { type DepId, isDepId } from "@depid/hash";
import { type Equivalence, NO_DETAILS, type OutHashKey, type TaskDetails } from "../rows.ts";
import { formatEquivalence, parseEquivalence } from "./answers.ts";
import { asArguments, type IsDepId, isShortDepId, readDepId, readText, readTextOrNull } from "./arguments.ts";
import type { Method } from "./method.ts";

/** A task ran: this is what came out of it, and the depid it went by. */
export interface Report extends OutHashKey {
  /** What the reporter proposes; an equal output reported before wins over it. */
  readonly depid: DepId;
  readonly details?: Partial<TaskDetails>;
}

/** Answered with the depid that now applies (section 9). The depid is checked before all else, as in the reference. */
export const report = createReport(isDepId);

/** The same of clients of 2019, whose depids may be short. */
export const reportOfOldClient = createReport((value): value is DepId => isDepId(value) || isShortDepId(value));

function createReport(
  isAccepted: IsDepId,
): Method<"report", Report, Equivalence, Equivalence & { readonly depid: DepId }> {
  return {
    name: "report",
    parseArguments(value) {
      const args = asArguments(value);
      const depid = readDepId(args, isAccepted);
      // All written out: a spread with more behind it takes longer than JSON.parse does for the whole message.
      return {
        method: readText(args, "method"),
        taskhash: readText(args, "taskhash"),
        outhash: readText(args, "outhash"),
        depid,
        details: readDetails(args),
      };
    },
    formatArguments({ method, taskhash, outhash, depid, details }) {
      return { method, taskhash, outhash, unihash: depid, ...formatDetails(details ?? {}) };
    },
    formatAnswer: formatEquivalence,
    parseAnswer: parseEquivalence,
  };
}

function readDetails(args: Readonly<Record<string, unknown>>): TaskDetails {
  return {
    owner: readTextOrNull(args, "owner"),
    PN: readTextOrNull(args, "PN"),
    PV: readTextOrNull(args, "PV"),
    PR: readTextOrNull(args, "PR"),
    task: readTextOrNull(args, "task"),
    outhashSiginfo: readTextOrNull(args, "outhash_siginfo"),
  };
}

/** Only what was told is sent. */
function formatDetails(details: Partial<TaskDetails>): Record<string, string> {
  const { outhashSiginfo, ...rest } = { ...NO_DETAILS, ...details };
  const told = Object.entries({ ...rest, outhash_siginfo: outhashSiginfo });
  return Object.fromEntries(told.filter((entry): entry is [string, string] => entry[1] !== null));
}
