import { DepidError } from "@depid/hash";

/** There is no page: it was not built. */
export class PageError extends DepidError {
  readonly code = "PAGE";
}
