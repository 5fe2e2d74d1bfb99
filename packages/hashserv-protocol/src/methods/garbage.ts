import { InvalidRequestError, ProtocolError } from "../errors.ts";
import { parseJson } from "../json.ts";
import type { Conditions } from "../rows.ts";
import { asRow, show } from "./answers.ts";
import { asArguments, readText } from "./arguments.ts";
import { formatConditions, readConditions } from "./conditions.ts";
import type { Method } from "./method.ts";
import { openingOf } from "./streams.ts";

/** Seconds of two thousand years, and more than there are before the first. */
const MAX_AGE = 63_000_000_000;

/** How many rows a request applied to. */
export interface Count {
  readonly count: number;
}

export interface RemoveRequest {
  readonly where: Conditions;
}
export interface MarkRequest {
  readonly mark: string;
  readonly where: Conditions;
}
export interface SweepRequest {
  readonly mark: string;
}
/** Takes no arguments. */
export type GcStatusRequest = Record<never, never>;
export interface GcStatus {
  readonly keep: number;
  readonly remove: number;
  /** The current mark, if there is one. */
  readonly mark: string | null;
}
export interface CleanUnusedRequest {
  readonly maxAgeSeconds: number;
}

/** Removes rows of either table that conditions hold for, each table by the columns it has (section 10). */
export const remove: Method<"remove", RemoveRequest, Count> = {
  name: "remove",
  parseArguments: (value) => ({ where: readConditions(asArguments(value)) }),
  formatArguments: ({ where }) => ({ where: formatConditions(where) }),
  ...answeredByCount(),
};

/** Makes a mark the current one, and gives it to the equivalences that conditions hold for. */
export const gcMark: Method<"gc-mark", MarkRequest, Count> = {
  name: "gc-mark",
  parseArguments: parseMark,
  formatArguments: ({ mark, where }) => ({ mark, where: formatConditions(where) }),
  ...answeredByCount(),
};

/** Begins a stream of arguments of gc-mark, each answered as it answers. */
export const gcMarkStream = openingOf("gc-mark-stream");

/** Reads a line of gc-mark-stream. @throws {InvalidRequestError} in the reference's words */
export function parseMarkLine(line: string): MarkRequest {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch {
    throw new InvalidRequestError(`Could not decode JSONL input '${line}'`);
  }
  const args = asArguments(value, "input line");
  for (const key of ["mark", "where"]) {
    if (!Object.hasOwn(args, key)) throw new InvalidRequestError(`Input line is missing key ''${key}'' `);
  }
  return parseMark(args);
}

/** Removes the equivalences that do not have the mark, which must be the current one. Then there is none. */
export const gcSweep: Method<"gc-sweep", SweepRequest, Count> = {
  name: "gc-sweep",
  parseArguments: (value) => ({ mark: readText(asArguments(value), "mark") }),
  formatArguments: ({ mark }) => ({ mark }),
  ...answeredByCount(),
};

/** What a sweep would keep and remove. */
export const gcStatus: Method<"gc-status", GcStatusRequest, GcStatus> = {
  name: "gc-status",
  parseArguments: () => ({}),
  formatArguments: () => ({}),
  formatAnswer: ({ keep, remove, mark }) => ({ keep, remove, mark }),
  parseAnswer(value) {
    const { keep, remove, mark } = asRow(value);
    if (typeof keep !== "number" || typeof remove !== "number" || (typeof mark !== "string" && mark !== null)) {
      throw new ProtocolError(`answer: expected keep, remove and mark, found ${show(value)}`);
    }
    return { keep, remove, mark };
  },
};

/** Removes outputs whose taskhash has no depid, and that are older. */
export const cleanUnused: Method<"clean-unused", CleanUnusedRequest, Count> = {
  name: "clean-unused",
  parseArguments(value) {
    const { max_age_seconds: age } = asArguments(value);
    const seconds = typeof age === "boolean" ? Number(age) : age;
    if (typeof seconds !== "number" || !(Math.abs(seconds) <= MAX_AGE)) {
      throw new InvalidRequestError(`argument 'max_age_seconds': expected up to ${MAX_AGE}, found ${show(age)}`);
    }
    return { maxAgeSeconds: seconds };
  },
  formatArguments: ({ maxAgeSeconds }) => ({ max_age_seconds: maxAgeSeconds }),
  ...answeredByCount(),
};

function parseMark(value: unknown): MarkRequest {
  const args = asArguments(value);
  return { mark: readText(args, "mark"), where: readConditions(args) };
}

function answeredByCount(): Pick<Method<string, unknown, Count>, "formatAnswer" | "parseAnswer"> {
  return {
    formatAnswer: ({ count }) => ({ count }),
    parseAnswer(value) {
      const { count } = asRow(value);
      if (typeof count !== "number") throw new ProtocolError(`answer: expected a count, found ${show(value)}`);
      return { count };
    },
  };
}
