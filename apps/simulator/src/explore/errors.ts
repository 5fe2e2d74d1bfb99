import { DepidError } from "@depid/hash";

/** The page cannot be served. */
export class ExploreError extends DepidError {
  readonly code = "EXPLORE";
}
