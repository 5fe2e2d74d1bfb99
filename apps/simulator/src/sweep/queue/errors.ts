import { DepidError } from "@depid/hash";

/** A queue that cannot be used, or what it has lost. */
export class QueueError extends DepidError {
  readonly code = "QUEUE";
}
