import { inspect } from "node:util";
import { DepidError, isSystemError } from "@depid/hash";

/** An error on its way out of a thread or a process, where its class is lost. */
export interface PackedError {
  /** Whether it tells of something that somebody outside of the program can mend; else it is a bug of ours. */
  readonly isOurs: boolean;
  /** What is told of it: of a bug with its stack. */
  readonly text: string;
}

/** What a job elsewhere failed with: the same words as though it had been done here. */
export class JobError extends DepidError {
  readonly code = "JOB";
}

export function packError(error: unknown): PackedError {
  if (error instanceof DepidError || isSystemError(error)) return { isOurs: true, text: error.message };
  return { isOurs: false, text: inspect(error) };
}

/** The error that was packed, as the program tells errors. */
export function unpackError({ isOurs, text }: PackedError): Error {
  if (isOurs) return new JobError(text);
  const bug = new Error("a job has failed");
  bug.stack = text;
  return bug;
}
