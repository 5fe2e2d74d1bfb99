import type { DepId } from "@depid/hash";
import type { JoinedRow, OutHashKey, OutHashRow } from "../rows.ts";
import { formatJoinedRow, formatOutHashRow, parseJoinedRow, parseOutHashRow } from "./answers.ts";
import { asArguments, readFlag, readText } from "./arguments.ts";
import type { Method } from "./method.ts";

/** `taskhash` must be there and does not restrict the search: it is for an upstream server. */
export interface GetOutHashRequest extends OutHashKey {
  /** Whether only rows whose taskhash has a depid count, and the depid is wanted. */
  readonly withDepId: boolean;
}

/** The oldest row with an output; `null` when there is none. */
export const getOutHash: Method<
  "get-outhash",
  GetOutHashRequest,
  OutHashRow | JoinedRow | null,
  OutHashRow | (JoinedRow & { readonly depid: DepId }) | null
> = {
  name: "get-outhash",
  parseArguments(value) {
    const args = asArguments(value);
    return {
      method: readText(args, "method"),
      outhash: readText(args, "outhash"),
      taskhash: readText(args, "taskhash"),
      withDepId: readFlag(args, "with_unihash", true),
    };
  },
  formatArguments: ({ method, outhash, taskhash, withDepId }) => ({
    outhash,
    taskhash,
    method,
    with_unihash: withDepId,
  }),
  formatAnswer(answer) {
    if (answer === null) return null;
    return "depid" in answer ? formatJoinedRow(answer) : formatOutHashRow(answer);
  },
  parseAnswer(value) {
    if (value === null) return null;
    return typeof value === "object" && "unihash" in value ? parseJoinedRow(value) : parseOutHashRow(value);
  },
};
