import type { Framing, FramingError } from "@depid/hashserv-protocol";

/** Carries lines from and to a client: what a connection needs of a socket of any kind. */
export interface Transport {
  readonly framing: Framing;
  /** From where the client comes (`clientAddress`). */
  readonly address: string;
  /** Bytes of what was written and is not sent. */
  readonly unsent: number;
  /** Bytes that came of a line that is not complete. */
  readonly incomplete: number;
  /** Begins to hand over what comes. */
  start(events: TransportEvents): void;
  /** Takes lines to be sent, without LF. They may be held until `flush`. */
  write(lines: readonly string[]): void;
  /** Sends what is held. @returns false when the client does not read as fast as we write; then `drained` will come */
  flush(): boolean;
  /** Stops handing over lines, and reading, until `resume`. */
  pause(): void;
  resume(): void;
  /** Says goodbye behind all that was written; `sent` is called when that is on its way. */
  end(sent: () => void): void;
  /** Closes at once. */
  destroy(): void;
}

export interface TransportEvents {
  /**
   * Lines, without LF, that arrived together, to be kept by whoever takes them; none, when only a part of one came. `size` is
   * about their bytes.
   */
  lines(lines: string[], size: number): void;
  /** No more lines will come; `fault` says what was wrong with the next one. */
  ended(fault?: FramingError): void;
  /** What was written is sent. */
  drained(): void;
  /** Nothing can be sent or will come any more. */
  closed(): void;
}
