import type { RequestCounter } from "./request-counter.ts";

/** Told what a server does, say for metrics. It is called for every request: it must be quick, and not throw. */
export interface Observer {
  handled(requests: HandledRequests): void;
  /** A client was refused: what it sent makes no sense, or is not allowed. */
  refused(): void;
}

/** Requests of one kind that were handled together: one, or lines of a stream. */
export interface HandledRequests {
  /** The name of a command the server knows. */
  readonly name: string;
  readonly count: number;
  /** How many of them were answered by something. */
  readonly found: number;
  /** How many were answered that there is nothing. */
  readonly missed: number;
  /** All of them together took. */
  readonly seconds: number;
}

/** Adds requests that were handled together, from `start` until now, to the accounts of a server. */
export function account(
  { counter, observer }: { readonly counter: RequestCounter; readonly observer: Observer | undefined },
  start: number,
  requests: Omit<HandledRequests, "seconds">,
): void {
  if (requests.count === 0) return;
  const seconds = (performance.now() - start) / 1000;
  counter.add(seconds, requests.count);
  observer?.handled({ ...requests, seconds });
}
