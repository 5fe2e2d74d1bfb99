import type { Socket } from "node:net";
import { LINE_FRAMING, LineDecoder } from "@depid/hashserv-protocol";
import { clientAddress } from "./client-address.ts";
import { encodeLines } from "./encode-lines.ts";
import type { Transport, TransportEvents } from "./transport.ts";

/** Characters of a line from which on it is not joined with others: that of a message in chunks. */
const LONG_LINE = 4096;

/** Lines over a stream socket: TCP, TLS or unix. */
export class SocketTransport implements Transport {
  readonly framing = LINE_FRAMING;
  readonly address: string;
  readonly #socket: Socket;
  readonly #decoder = new LineDecoder();
  #output = "";
  #ended = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.address = clientAddress(socket.remoteAddress);
  }

  get unsent(): number {
    return this.#socket.writableLength + this.#output.length;
  }

  get incomplete(): number {
    return this.#decoder.held;
  }

  start(events: TransportEvents): void {
    const socket = this.#socket;
    const end = (): void => {
      if (this.#ended) return;
      this.#ended = true;
      events.ended(this.#decoder.fault);
    };
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes) => {
      if (this.#ended) return;
      const lines = this.#decoder.push(bytes);
      events.lines(lines, bytes.length);
      if (this.#decoder.fault !== undefined) end();
    });
    socket.on("end", end);
    socket.on("drain", () => events.drained());
    socket.once("close", () => events.closed());
  }

  write(lines: readonly string[]): void {
    if (lines.some((line) => line.length >= LONG_LINE)) this.#writeLong(lines);
    else this.#output += `${lines.length === 1 ? lines[0] : lines.join("\n")}\n`;
  }

  #writeLong(lines: readonly string[]): void {
    this.flush();
    if (!this.#socket.destroyed) this.#socket.write(encodeLines(lines));
  }

  flush(): boolean {
    const text = this.#output;
    this.#output = "";
    if (this.#socket.destroyed) return true;
    return text === "" ? !this.#socket.writableNeedDrain : this.#socket.write(text);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(sent: () => void): void {
    this.flush();
    // Reading on, and throwing away, lets the client see the last words before it sees a reset.
    this.#socket.resume();
    this.#socket.end(sent);
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
