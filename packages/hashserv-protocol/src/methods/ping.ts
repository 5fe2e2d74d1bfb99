import { ProtocolError } from "../errors.ts";
import { asRow, show } from "./answers.ts";
import type { Method } from "./method.ts";

/** Takes no arguments. */
export type PingRequest = Record<never, never>;

export interface PingAnswer {
  readonly alive: true;
}

/** Is anybody there? */
export const ping: Method<"ping", PingRequest, PingAnswer> = {
  name: "ping",
  parseArguments: () => ({}),
  formatArguments: () => ({}),
  formatAnswer: ({ alive }) => ({ alive }),
  parseAnswer(value) {
    if (asRow(value).alive !== true) throw new ProtocolError(`answer: expected {"alive": true}, found ${show(value)}`);
    return { alive: true };
  },
};
