/** Text that was to be a hash and is none. `field` says which one. */
export class InvalidHashError extends Error {
  readonly code = "INVALID_HASH";
  readonly field: string;
  readonly found: unknown;
  constructor(field: string, found: unknown) {
    super(`${field}: expected 64 lowercase hexadecimal digits, found ${show(found)}`);
    this.name = "InvalidHashError";
    this.field = field;
    this.found = found;
  }
}

/** Text that was to be a task id and is none. */
export class InvalidTidError extends Error {
  readonly code = "INVALID_TID";
  readonly found: unknown;
  constructor(found: unknown) {
    super(`tid: expected "[mc:NAME:][virtual:VARIANT:]recipe-file:do_task", found ${show(found)}`);
    this.name = "InvalidTidError";
    this.found = found;
  }
}

function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
