/** An sstate object name that cannot be made: too long even when cut, or its `SSTATE_PKGSPEC` lacks fields. */
export class SstateNameError extends Error {
  readonly code = "SSTATE_NAME";
  constructor(message: string) {
    super(`sstate object name: ${message}`);
    this.name = "SstateNameError";
  }
}

/** Text that was to be a `BB_HASHFILENAME` and is none. */
export class HashFnError extends Error {
  readonly code = "HASHFN";
  readonly found: unknown;
  constructor(found: unknown) {
    super(`hashfn: expected "<True|False> <SSTATE_PKGSPEC> <SSTATE_SWSPEC>", found ${show(found)}`);
    this.name = "HashFnError";
    this.found = found;
  }
}

/** A value as a message shows it: quoted, at most 80 characters. */
export function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
