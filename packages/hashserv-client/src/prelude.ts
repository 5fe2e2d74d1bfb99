import { auth, becomeUser, type Credentials, type Framing, formatRequest } from "@depid/hashserv-protocol";
import type { Taker } from "./connection.ts";
import { takeAnswers, takeInTurn } from "./takers.ts";

/** What is said and awaited on each new connection before anything else. */
export interface Prelude {
  lines(framing: Framing): readonly string[];
  createTaker(framing: Framing): Taker;
}

/** Logs in and becomes another user, as far as asked for; `undefined` for an anonymous client. */
export function createPrelude(options: {
  readonly login?: Credentials | undefined;
  readonly become?: string | undefined;
}): Prelude | undefined {
  const { login, become } = options;
  if (login === undefined && become === undefined) return undefined;
  return {
    lines: ({ formatMessage }) => [
      ...(login === undefined ? [] : formatMessage(formatRequest(auth, login))),
      ...(become === undefined ? [] : formatMessage(formatRequest(becomeUser, { username: become }))),
    ],
    createTaker: (framing) =>
      takeInTurn([
        ...(login === undefined ? [] : [takeAnswers(auth, 1, [], framing)]),
        ...(become === undefined ? [] : [takeAnswers(becomeUser, 1, [], framing)]),
      ]),
  };
}
