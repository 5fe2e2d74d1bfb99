import { DepidError } from "@depid/hash";

/** The server refused the request, and has closed the connection. The message is its reason. */
export class ServerError extends DepidError {
  readonly code = "SERVER";
}

/** Why there is no connection: nobody there, lost on the way, no answer in time, or closed by ourselves. */
export type ConnectionFault = "unreachable" | "lost" | "timeout" | "closed";

/** There is no connection to the server, or none any more. */
export class ConnectionError extends DepidError {
  readonly code = "CONNECTION";
  readonly address: string;
  readonly fault: ConnectionFault;
  constructor(address: string, fault: ConnectionFault, reason: string, options?: ErrorOptions) {
    const what =
      fault === "unreachable"
        ? `no hash equivalence server answers at ${address}`
        : `hash equivalence server at ${address}`;
    super(`${what}: ${reason}`, options);
    this.address = address;
    this.fault = fault;
  }
}
