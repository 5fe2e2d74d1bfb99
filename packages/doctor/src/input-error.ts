import { DepidError } from "@depid/hash";

/** What was named on the command line cannot be examined. */
export class DoctorInputError extends DepidError {
  readonly code = "DOCTOR_INPUT";
  constructor(input: string, problem: string, options?: ErrorOptions) {
    super(problem, { source: input, ...options });
  }
}
