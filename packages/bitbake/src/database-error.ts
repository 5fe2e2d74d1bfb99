/** A database that cannot be read, or is none of a hash equivalence server. */
export class DatabaseError extends Error {
  readonly code = "DATABASE";
  readonly file: string;
  readonly reason: string;
  /** `empty`: it can be read and has no table of a server; `old`: it has some that are not read here. */
  readonly kind: "empty" | "old" | "unreadable";
  constructor(
    file: string,
    reason: string,
    { kind = "unreadable", ...options }: ErrorOptions & { kind?: DatabaseError["kind"] } = {},
  ) {
    super(`${file}: ${reason}`, options);
    this.name = "DatabaseError";
    this.file = file;
    this.reason = reason;
    this.kind = kind;
  }
}
