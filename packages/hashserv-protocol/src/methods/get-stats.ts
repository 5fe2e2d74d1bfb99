import { ProtocolError } from "../errors.ts";
import { asRow, show } from "./answers.ts";
import type { Method } from "./method.ts";

/** Takes no arguments. */
export type GetStatsRequest = Record<never, never>;

/** How many requests the server process has handled, and how long they took, in seconds. */
export interface RequestStats {
  readonly count: number;
  readonly totalTime: number;
  readonly maxTime: number;
  readonly average: number;
  /** Sample standard deviation; 0 for less than two requests. */
  readonly deviation: number;
}

/** The server's own account of its work; the request itself is not in it. */
export const getStats = statsOf("get-stats");

/** The same, beginning anew afterwards. */
export const resetStats = statsOf("reset-stats");

function statsOf<Name extends string>(name: Name): Method<Name, GetStatsRequest, RequestStats> {
  return {
    name,
    parseArguments: () => ({}),
    formatArguments: () => null,
    formatAnswer: ({ count, totalTime, maxTime, average, deviation }) => ({
      requests: { num: count, total_time: totalTime, max_time: maxTime, average, stdev: deviation },
    }),
    parseAnswer(value) {
      const row = asRow(asRow(value).requests);
      const number = (name: string): number => {
        const found = row[name];
        if (typeof found !== "number")
          throw new ProtocolError(`answer: expected a number as ${name}, found ${show(found)}`);
        return found;
      };
      return {
        count: number("num"),
        totalTime: number("total_time"),
        maxTime: number("max_time"),
        average: number("average"),
        deviation: number("stdev"),
      };
    },
  };
}
