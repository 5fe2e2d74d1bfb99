import { BAD_USAGE, describeFailure } from "@depid/command-line";
import { ConnectionError, ServerError } from "@depid/hashserv-client";
import { InvalidRequestError, ProtocolError } from "@depid/hashserv-protocol";
import { UsageError } from "./errors.ts";

/** Exit status of what was refused or failed. */
const FAILED = 1;

/** What is said of an error that ended the program, where, and its exit status. */
export interface ClientFailure {
  readonly to: "out" | "error";
  /** With its line end. */
  readonly text: string;
  readonly status: number;
}

/** @param address of the server that was asked */
export async function describeClientFailure(cause: unknown, address: string): Promise<ClientFailure> {
  if (cause instanceof UsageError)
    return { to: "error", text: `depid-hashclient: ${cause.message}\n`, status: BAD_USAGE };
  const { text, status } = await describeFailure(cause, FAILED);
  if (cause instanceof ServerError || cause instanceof InvalidRequestError)
    return { to: "out", text: `ERROR: ${cause.message}\n`, status };
  return { to: "error", text: `depid-hashclient: ${hintAtServer(cause, address) ?? text}\n`, status };
}

/** What went wrong, if it looks as if the other side were no hash equivalence server. */
function hintAtServer(cause: unknown, address: string): string | undefined {
  if (cause instanceof ProtocolError)
    return `what listens at ${address} is no hash equivalence server: it answered what none does (${cause.message})`;
  if (cause instanceof ConnectionError && (cause.fault === "lost" || cause.fault === "timeout"))
    return `${cause.message}; perhaps what listens there is no hash equivalence server`;
  return undefined;
}
