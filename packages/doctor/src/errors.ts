/** A database that cannot be read, or is none of a hash equivalence server. */
export class DatabaseError extends Error {
  readonly code = "DATABASE";
  readonly file: string;
  readonly reason: string;
  /** Whether it can be read and has no table of a server: today's would make them. */
  readonly isEmpty: boolean;
  constructor(
    file: string,
    reason: string,
    { isEmpty = false, ...options }: ErrorOptions & { isEmpty?: boolean } = {},
  ) {
    super(`${file}: ${reason}`, options);
    this.name = "DatabaseError";
    this.file = file;
    this.reason = reason;
    this.isEmpty = isEmpty;
  }
}
