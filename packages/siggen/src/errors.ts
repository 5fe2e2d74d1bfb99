import { DepidError } from "@depid/hash";

/** A signature generator that does not exist, or does not keep its contract. */
export class SiggenError extends DepidError {
  readonly code = "SIGGEN";
}
