import { DepidError } from "./depid-error.ts";

/** Text that was to be a hash and is none; the field says which one. */
export class InvalidHashError extends DepidError {
  readonly code = "INVALID_HASH";
  constructor(field: string, found: unknown) {
    super({ expected: "64 lowercase hexadecimal digits", found }, { field });
  }
}

/** Text that was to be a task id and is none. */
export class InvalidTidError extends DepidError {
  readonly code = "INVALID_TID";
  constructor(found: unknown) {
    super({ expected: '"[mc:NAME:][virtual:VARIANT:]recipe-file:do_task"', found }, { field: "tid" });
  }
}
