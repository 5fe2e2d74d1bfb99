import { DepidError } from "@depid/hash";

/** What was named as a build is none that can be read. The message names it and what was expected. */
export class BuildInputError extends DepidError {
  readonly code = "BUILD_INPUT";
  constructor(input: string, problem: string, options?: ErrorOptions) {
    super(problem, { source: input, ...options });
  }
}
