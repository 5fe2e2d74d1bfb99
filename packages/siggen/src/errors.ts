/** A signature generator that does not exist, or does not keep its contract. */
export class SiggenError extends Error {
  readonly code = "SIGGEN";
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SiggenError";
  }
}
