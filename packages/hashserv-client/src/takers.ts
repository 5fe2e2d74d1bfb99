import { type DepId, isDepId } from "@depid/hash";
import {
  type ClientSide,
  type Framing,
  findInvokeError,
  gcMark,
  ProtocolError,
  parseJson,
  parseMessage,
  parseResponse,
  STREAM_ENDED,
} from "@depid/hashserv-protocol";
import type { Taker } from "./connection.ts";
import { ServerError } from "./errors.ts";

/** Takes the answers to `count` requests of one method, each one message. @throws {ServerError | ProtocolError} */
export function takeAnswers<Received>(
  method: ClientSide<never, Received>,
  count: number,
  answers: Received[],
  framing: Framing,
): Taker {
  const decoder = framing.createDecoder();
  return (line) => {
    const message = decoder.push(line);
    if (message === undefined) return false;
    const response = parseResponse(method, message.value);
    if (response.type === "error") throw new ServerError(response.reason);
    answers.push(response.answer);
    return answers.length === count;
  };
}

/** Takes the line that says a stream has been left. */
export const takeStreamEnd: Taker = (line) => {
  if (line === STREAM_ENDED) return true;
  throw refusalOr(line, `expected "${STREAM_ENDED}"`);
};

/** Takes one line for each depid asked for: the depid, or nothing. @throws {ServerError | ProtocolError} */
export function takeDepIds(count: number, found: (DepId | undefined)[]): Taker {
  return (line) => {
    if (line !== "" && !isDepId(line)) throw refusalOr(line, "expected a valid unihash or an empty line");
    found.push(line === "" ? undefined : line);
    return found.length === count;
  };
}

/** Takes one line for each depid asked about: `true` or `false`. @throws {ServerError | ProtocolError} */
export function takeFlags(count: number, flags: boolean[]): Taker {
  return (line) => {
    if (line !== "true" && line !== "false") throw refusalOr(line, 'expected "true" or "false"');
    flags.push(line === "true");
    return flags.length === count;
  };
}

/** Takes one message for each line of gc-mark-stream. @throws {ServerError | ProtocolError} */
export function takeCounts(count: number, counts: number[]): Taker {
  return (line) => {
    const response = parseResponse(gcMark, parseMessage(line));
    if (response.type === "error") throw new ServerError(response.reason);
    counts.push(response.answer.count);
    return counts.length === count;
  };
}

/** Lets several takers have their lines one after the other. */
export function takeInTurn(takers: readonly Taker[]): Taker {
  let at = 0;
  return (line) => {
    if (takers[at]?.(line)) at++;
    return at === takers.length;
  };
}

/** A line that does not belong in a stream: the server may refuse to go on, in a message. */
function refusalOr(line: string, expected: string): Error {
  const found = line.length > 80 ? `${line.slice(0, 77)}...` : line;
  const wrong = new ProtocolError(`answer: ${expected}, found ${JSON.stringify(found)}`);
  try {
    const reason = findInvokeError(parseJson(line));
    return reason === undefined ? wrong : new ServerError(reason);
  } catch (error) {
    if (error instanceof SyntaxError) return wrong;
    throw error;
  }
}
