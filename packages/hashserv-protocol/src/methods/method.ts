import type { Json } from "../json.ts";

/**
 * One request of the protocol: its name and the four doors of its data. The spelling `unihash` is known to the
 * methods only.
 *
 * @typeParam Request arguments, checked
 * @typeParam Answer what a server gives
 * @typeParam Received what a client gets of it, with depids checked
 */
export interface Method<Name extends string, Request, Answer, Received extends Answer = Answer> {
  readonly name: Name;
  /** @throws {InvalidRequestError} when an argument is missing or of the wrong type */
  parseArguments(value: unknown): Request;
  formatArguments(request: Request): Json;
  formatAnswer(answer: Answer): Json;
  /** @throws {ProtocolError} when the value is no answer to this request */
  parseAnswer(value: unknown): Received;
}

/** What a server needs of a method. */
export type ServerSide<Name extends string, Request, Answer> = Pick<
  Method<Name, Request, Answer>,
  "name" | "parseArguments" | "formatAnswer"
>;

/** What a client needs of a method. */
export type ClientSide<Request, Received> = Pick<
  Method<string, Request, Received>,
  "name" | "formatArguments" | "parseAnswer"
>;
