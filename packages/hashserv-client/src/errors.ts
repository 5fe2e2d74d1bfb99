/** The server refused the request, and has closed the connection. The message is its reason. */
export class ServerError extends Error {
  readonly code = "SERVER";
  constructor(reason: string) {
    super(reason);
    this.name = "ServerError";
  }
}

/** Why there is no connection: nobody there, lost on the way, no answer in time, or closed by ourselves. */
export type ConnectionFault = "unreachable" | "lost" | "timeout" | "closed";

/** There is no connection to the server, or none any more. */
export class ConnectionError extends Error {
  readonly code = "CONNECTION";
  readonly address: string;
  readonly fault: ConnectionFault;
  constructor(address: string, fault: ConnectionFault, reason: string, options?: ErrorOptions) {
    super(
      fault === "unreachable"
        ? `no hash equivalence server answers at ${address}: ${reason}`
        : `hash equivalence server at ${address}: ${reason}`,
      options,
    );
    this.name = "ConnectionError";
    this.address = address;
    this.fault = fault;
  }
}
