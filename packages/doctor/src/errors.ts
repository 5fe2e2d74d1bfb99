/** A database that cannot be read, or is none of a hash equivalence server. */
export class DatabaseError extends Error {
  readonly code = "DATABASE";
  readonly file: string;
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file}: ${reason}`, options);
    this.name = "DatabaseError";
    this.file = file;
  }
}
