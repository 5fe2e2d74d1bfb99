import { ProtocolError } from "../errors.ts";
import { show } from "./answers.ts";
import type { Method } from "./method.ts";

/** Takes no arguments. */
export type StreamRequest = Record<never, never>;

/** Begins a stream of `METHOD TASKHASH` lines, each answered by a depid or an empty line (section 8). */
export const getStream = openingOf("get-stream");

/** Begins a stream of depids, each answered by `true` or `false` (section 8). */
export const existsStream = openingOf("exists-stream");

/** The opening is answered by the message `"ok"`; what follows are lines. */
export function openingOf<Name extends string>(name: Name): Method<Name, StreamRequest, "ok"> {
  return {
    name,
    parseArguments: () => ({}),
    formatArguments: () => null,
    formatAnswer: (answer) => answer,
    parseAnswer(value) {
      if (value !== "ok") throw new ProtocolError(`${name}: expected "ok", found ${show(value)}`);
      return value;
    },
  };
}
