/** What goes wrong in a life because it was to go wrong. */
export class OnPurpose extends Error {
  /** Whether something of what failed may have been kept. */
  readonly mayBeKept: boolean;

  constructor(what: string, { mayBeKept = true } = {}) {
    super(`${what}, on purpose`);
    this.mayBeKept = mayBeKept;
  }
}
