/** What was named on the command line cannot be examined. */
export class DoctorInputError extends Error {
  readonly code = "DOCTOR_INPUT";
  constructor(input: string, problem: string, options?: ErrorOptions) {
    super(`${input}: ${problem}`, options);
    this.name = "DoctorInputError";
  }
}
