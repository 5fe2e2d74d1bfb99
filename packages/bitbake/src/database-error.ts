import { DepidError } from "@depid/hash";

/** A database that cannot be read, or is none of a hash equivalence server. */
export class DatabaseError extends DepidError {
  readonly code = "DATABASE";
  /** `empty`: it can be read and has no table of a server; `old`: it has some that are not read here. */
  readonly kind: "empty" | "old" | "unreadable";
  constructor(
    file: string,
    problem: string,
    { kind = "unreadable", ...options }: ErrorOptions & { kind?: DatabaseError["kind"] } = {},
  ) {
    super(problem, { source: file, ...options });
    this.kind = kind;
  }
}
