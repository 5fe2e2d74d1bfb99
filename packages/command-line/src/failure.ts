import { inspect } from "node:util";

/** Exit status when the program itself is wrong: an internal software error in sysexits(3). */
export const BUG = 70;

/** What a program says on stderr of an error that ended it, and its exit status. */
export interface Failure {
  /** Without the name of the program. */
  readonly text: string;
  readonly status: number;
}

/**
 * Tells what somebody outside of the program can mend, and what the system refuses, in one line. Anything else is a bug of the
 * program: that is said, with all that helps whoever mends it.
 *
 * @param status exit status of what is no bug
 */
export async function describeFailure(error: unknown, status: number): Promise<Failure> {
  // A program that does not fail, such as one that is asked for its help, does not wait for what is needed here.
  const { DepidError, isSystemError } = await import("@depid/hash");
  if (error instanceof DepidError || isSystemError(error)) {
    return { text: error.message.replaceAll("\n", " "), status };
  }
  return {
    text: `internal error, a bug of this program: please report it with these lines\n${inspect(error)}`,
    status: BUG,
  };
}
