import { DepidError } from "@depid/hash";

/** The peer sent what the protocol does not know; the connection is of no more use. */
export class ProtocolError extends DepidError {
  readonly code: string = "PROTOCOL";
}

/** A line the framing forbids: too long, or not UTF-8 (section 4). */
export class FramingError extends ProtocolError {
  override readonly code = "FRAMING";
}

/** A client that speaks protocol 1.0: that of BitBake 1.44 (zeus), and of 1.46 (dunfell) before messages came in chunks. */
export class OldProtocolError extends ProtocolError {
  override readonly code = "OLD_PROTOCOL";
  constructor() {
    super(
      "this client speaks protocol 1.0 (BitBake of zeus, and of dunfell before 3.1.2), expected 1.1: update BitBake",
    );
  }
}

/** A request that names no known command, or whose arguments are not what the command takes (section 14). */
export class InvalidRequestError extends ProtocolError {
  override readonly code = "INVALID_REQUEST";
}

/** An address that is none of `unix://PATH`, `[tls://|ws://|wss://]HOST:PORT`, with brackets around a v6 number. */
export class InvalidAddressError extends DepidError {
  readonly code = "INVALID_ADDRESS";
  constructor(
    found: string,
    expected = "unix://PATH, HOST:PORT, [V6ADDR]:PORT, or tls://, ws:// or wss:// and HOST:PORT",
  ) {
    super(`expected ${expected}, found ${JSON.stringify(found)}`, { field: "address" });
  }
}
