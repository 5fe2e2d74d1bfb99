/** The peer sent what the protocol does not know; the connection is of no more use. */
export class ProtocolError extends Error {
  readonly code: string = "PROTOCOL";
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ProtocolError";
  }
}

/** A line the framing forbids: too long, or not UTF-8 (section 4). */
export class FramingError extends ProtocolError {
  override readonly code = "FRAMING";
  override readonly name = "FramingError";
}

/** A request that names no known command, or whose arguments are not what the command takes (section 14). */
export class InvalidRequestError extends ProtocolError {
  override readonly code = "INVALID_REQUEST";
  override readonly name = "InvalidRequestError";
}

/** An address that is none of `unix://PATH`, `[tls://|ws://|wss://]HOST:PORT`, with brackets around a v6 number. */
export class InvalidAddressError extends Error {
  readonly code = "INVALID_ADDRESS";
  readonly found: string;
  constructor(
    found: string,
    wanted = "unix://PATH, HOST:PORT, [V6ADDR]:PORT, or tls://, ws:// or wss:// and HOST:PORT",
  ) {
    super(`address: expected ${wanted}, found ${JSON.stringify(found)}`);
    this.name = "InvalidAddressError";
    this.found = found;
  }
}
