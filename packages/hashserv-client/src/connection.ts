import { type Address, formatAddress, GREETING, ProtocolError } from "@depid/hashserv-protocol";
import { type ConnectOptions, connect } from "./connect.ts";
import { ConnectionError, type ConnectionFault } from "./errors.ts";
import type { Transport } from "./transport.ts";

/** Takes lines as they come. @returns whether it has all it wants; @throws to break off */
export type Taker = (line: string) => boolean;

interface Exchange {
  readonly take: Taker;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** A greeted transport that exchanges lines, one exchange at a time. After any failure it is dead. */
export class Connection {
  readonly #transport: Transport;
  readonly #address: string;
  readonly #timeoutMs: number;
  #exchange: Exchange | undefined;
  #alive = true;
  /** Goes on writing what waits for the server to read. */
  #wake: () => void = () => {};

  private constructor(transport: Transport, address: string, timeoutMs: number) {
    this.#transport = transport;
    this.#address = address;
    this.#timeoutMs = timeoutMs;
    transport.start({
      lines: (lines) => this.#receive(lines),
      nonsense: (reason) => this.#fail(reason),
      drained: () => this.#wake(),
      closed: (cause) => {
        const reason = cause === undefined ? "connection closed by the server" : `connection lost: ${cause.message}`;
        this.#fail(this.#error("lost", reason, cause));
      },
    });
    transport.write(GREETING);
  }

  /** @throws {ConnectionError} */
  static async open(address: Address, options: ConnectOptions): Promise<Connection> {
    return new Connection(await connect(address, options), formatAddress(address), options.timeoutMs);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Writes lines, as fast as the server takes it, and meanwhile hands over the lines that come, until `take` has all.
   *
   * @throws {ConnectionError} when the connection is lost, or nothing comes for the time an answer may take
   * @throws what `take` throws
   */
  exchange(pieces: Iterable<readonly string[]>, take: Taker): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#alive) {
        reject(this.#error("lost", "connection lost"));
        return;
      }
      const timer = setTimeout(() => {
        this.#fail(this.#error("timeout", `no answer within ${this.#timeoutMs / 1000} s`));
      }, this.#timeoutMs);
      this.#exchange = { take, resolve, reject, timer };
      void this.#write(pieces);
    });
  }

  /** Says no more, and breaks off what is under way. */
  destroy(reason: Error = this.#error("closed", "the client is closed")): void {
    this.#fail(reason);
  }

  async #write(pieces: Iterable<readonly string[]>): Promise<void> {
    for (const lines of pieces) {
      if (!this.#alive) return;
      if (this.#transport.write(lines)) continue;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #receive(lines: readonly string[]): void {
    try {
      for (const line of lines) {
        if (this.#exchange === undefined) throw new ProtocolError("the server sent a line nobody asked for");
        if (this.#exchange.take(line)) this.#settle()?.resolve();
      }
      this.#exchange?.timer.refresh();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(reason: unknown): void {
    this.#alive = false;
    this.#transport.destroy();
    this.#wake();
    this.#settle()?.reject(reason);
  }

  /** Ends the exchange under way. @returns what is to be told its result */
  #settle(): Exchange | undefined {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    clearTimeout(exchange?.timer);
    return exchange;
  }

  #error(fault: ConnectionFault, reason: string, cause?: unknown): ConnectionError {
    return new ConnectionError(this.#address, fault, reason, cause === undefined ? {} : { cause });
  }
}
