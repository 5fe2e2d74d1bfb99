import type { Json } from "./json.ts";
import type { ClientSide } from "./methods/method.ts";

/** What a server answers: what was asked for, or why not, after which it closes the connection (section 5). */
export type Response<Answer> =
  | { readonly type: "answer"; readonly answer: Answer }
  | { readonly type: "error"; readonly reason: string };

/** Reads a message as the response to a request. @throws {ProtocolError} when it is none */
export function parseResponse<Received>(method: ClientSide<never, Received>, message: unknown): Response<Received> {
  const reason = findInvokeError(message);
  if (reason !== undefined) return { type: "error", reason };
  return { type: "answer", answer: method.parseAnswer(message) };
}

/** The message that refuses a request. */
export function formatInvokeError(reason: string): Json {
  return { "invoke-error": { message: reason } };
}

/** The reason, if a message refuses a request. */
export function findInvokeError(message: unknown): string | undefined {
  if (typeof message !== "object" || message === null || !("invoke-error" in message)) return undefined;
  const error = message["invoke-error"];
  const reason = typeof error === "object" && error !== null && "message" in error ? error.message : error;
  return typeof reason === "string" ? reason : JSON.stringify(reason);
}
