import type { Socket } from "node:net";
import { type Address, formatAddress, formatGreeting, LineDecoder, ProtocolError } from "@depid/hashserv-protocol";
import { type ConnectOptions, connect } from "./connect.ts";
import { ConnectionError, type ConnectionFault } from "./errors.ts";

/** Takes lines as they come. @returns whether it has all it wants; @throws to break off */
export type Taker = (line: string) => boolean;

interface Exchange {
  readonly take: Taker;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** A greeted socket that exchanges lines, one exchange at a time. After any failure it is dead. */
export class Connection {
  readonly #socket: Socket;
  readonly #address: string;
  readonly #timeoutMs: number;
  readonly #decoder = new LineDecoder();
  #exchange: Exchange | undefined;
  #alive = true;
  /** Goes on writing what waits for the server to read. */
  #wake: () => void = () => {};

  private constructor(socket: Socket, address: string, timeoutMs: number) {
    this.#socket = socket;
    this.#address = address;
    this.#timeoutMs = timeoutMs;
    socket.on("data", (bytes) => this.#receive(bytes));
    socket.on("drain", () => this.#wake());
    socket.on("error", (cause) => this.#fail(this.#error("lost", `connection lost: ${cause.message}`, cause)));
    socket.on("close", () => this.#fail(this.#error("lost", "connection closed by the server")));
    socket.write(formatGreeting());
  }

  /** @throws {ConnectionError} */
  static async open(address: Address, options: ConnectOptions): Promise<Connection> {
    return new Connection(await connect(address, options), formatAddress(address), options.timeoutMs);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Writes text, as fast as the server takes it, and meanwhile hands over the lines that come, until `take` has all.
   *
   * @throws {ConnectionError} when the connection is lost, or nothing comes for the time an answer may take
   * @throws what `take` throws
   */
  exchange(texts: Iterable<string>, take: Taker): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#alive) {
        reject(this.#error("lost", "connection lost"));
        return;
      }
      const timer = setTimeout(() => {
        this.#fail(this.#error("timeout", `no answer within ${this.#timeoutMs / 1000} s`));
      }, this.#timeoutMs);
      this.#exchange = { take, resolve, reject, timer };
      void this.#write(texts);
    });
  }

  /** Says no more, and breaks off what is under way. */
  destroy(reason: Error = this.#error("closed", "the client is closed")): void {
    this.#fail(reason);
  }

  async #write(texts: Iterable<string>): Promise<void> {
    for (const text of texts) {
      if (!this.#alive) return;
      if (this.#socket.write(text)) continue;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #receive(bytes: Uint8Array): void {
    try {
      for (const line of this.#decoder.push(bytes)) {
        if (this.#exchange === undefined) throw new ProtocolError("the server sent a line nobody asked for");
        if (this.#exchange.take(line)) this.#settle()?.resolve();
      }
      if (this.#decoder.fault !== undefined) throw this.#decoder.fault;
      this.#exchange?.timer.refresh();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(reason: unknown): void {
    this.#alive = false;
    this.#socket.destroy();
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
