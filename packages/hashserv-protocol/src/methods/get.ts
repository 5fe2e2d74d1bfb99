import type { DepId } from "@depid/hash";
import type { Equivalence, EquivalenceKey, JoinedRow } from "../rows.ts";
import { formatEquivalence, formatJoinedRow, parseEquivalence, parseJoinedRow } from "./answers.ts";
import { asArguments, readFlag, readText } from "./arguments.ts";
import type { Method } from "./method.ts";

export interface GetRequest extends EquivalenceKey {
  /** Whether the oldest recorded output is wanted too; then a taskhash without one has no answer. */
  readonly all: boolean;
}

/** The depid of a taskhash, or with `all` the oldest output with it; `null` when there is none. */
export const get: Method<
  "get",
  GetRequest,
  Equivalence | JoinedRow | null,
  ((Equivalence | JoinedRow) & { readonly depid: DepId }) | null
> = {
  name: "get",
  parseArguments(value) {
    const args = asArguments(value);
    return {
      method: readText(args, "method"),
      taskhash: readText(args, "taskhash"),
      all: readFlag(args, "all", false),
    };
  },
  formatArguments: ({ method, taskhash, all }) => ({ taskhash, method, all }),
  formatAnswer(answer) {
    if (answer === null) return null;
    return "outhash" in answer ? formatJoinedRow(answer) : formatEquivalence(answer);
  },
  parseAnswer(value) {
    if (value === null) return null;
    return typeof value === "object" && "outhash" in value ? parseJoinedRow(value) : parseEquivalence(value);
  },
};
