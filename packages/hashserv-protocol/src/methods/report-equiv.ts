import type { DepId } from "@depid/hash";
import type { Equivalence } from "../rows.ts";
import { formatEquivalence, parseEquivalence } from "./answers.ts";
import { asArguments, readDepId, readText } from "./arguments.ts";
import type { Method } from "./method.ts";

/** Declares a taskhash to have a depid, with no output to show for it. */
export interface ReportEquivRequest extends Equivalence {
  readonly depid: DepId;
}

/** Answered with the depid that is stored: a taskhash keeps the one it has. */
export const reportEquiv: Method<
  "report-equiv",
  ReportEquivRequest,
  Equivalence,
  Equivalence & { readonly depid: DepId }
> = {
  name: "report-equiv",
  parseArguments(value) {
    const args = asArguments(value);
    const depid = readDepId(args);
    return { method: readText(args, "method"), taskhash: readText(args, "taskhash"), depid };
  },
  formatArguments: ({ method, taskhash, depid }) => ({ taskhash, method, unihash: depid }),
  formatAnswer: formatEquivalence,
  parseAnswer: parseEquivalence,
};
