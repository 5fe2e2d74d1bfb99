import { HTTPException } from "hono/http-exception";
import type { Budget, Holder } from "./budget.ts";

/** What bodies may take. */
export interface BodyLimits {
  /** Bytes of one. */
  readonly maxBytes: number;
  /** In which those count that are not complete, or being handled. */
  readonly budget: Budget;
}

/**
 * Reads the body of a request, and does something with it; until that is done its bytes count in the budget.
 *
 * @throws {HTTPException} 413 when it is too long, 503 when it has to give way to others
 */
export async function withBody<T>(
  request: Request,
  { maxBytes, budget }: BodyLimits,
  use: (body: Uint8Array) => Promise<T>,
): Promise<T> {
  const tooLong = () => new HTTPException(413, { message: `a report has at most ${maxBytes} bytes` });
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLong();
  const reader = request.body?.getReader();
  let gaveUp = false;
  const holder: Holder = {
    giveUp() {
      gaveUp = true;
      void reader?.cancel();
    },
  };
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let part = await reader?.read(); part?.value !== undefined && !gaveUp; part = await reader?.read()) {
      parts.push(part.value);
      size += part.value.length;
      if (size > maxBytes) throw tooLong();
      budget.hold(holder, size);
    }
    if (gaveUp) throw new HTTPException(503, { message: "the server holds too much for its clients, try again later" });
    return await use(Buffer.concat(parts));
  } finally {
    budget.hold(holder, 0);
  }
}
