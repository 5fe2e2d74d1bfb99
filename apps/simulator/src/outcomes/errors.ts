/** A value of an option that means nothing here. */
export class OptionError extends Error {
  readonly code = "OPTION";
  override readonly name = "OptionError";
}
