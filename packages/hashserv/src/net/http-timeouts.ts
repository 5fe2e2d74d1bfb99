/** Milliseconds between two looks for requests that take too long, at most. */
const LOOK_MS = 5_000;

/**
 * Options of an HTTP server by which a request must be there in time, its body too; a client that says nothing, or sends a byte
 * now and then, is answered 408 and closed.
 */
export function httpTimeouts(milliseconds: number) {
  return {
    headersTimeout: milliseconds,
    requestTimeout: milliseconds,
    connectionsCheckingInterval: Math.min(milliseconds, LOOK_MS),
  };
}
