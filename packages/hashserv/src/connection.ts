import type { Socket } from "node:net";
import { LineDecoder } from "@depid/hashserv-protocol";
import type { Session } from "./session.ts";

/** Lines read ahead before we stop reading from the socket; a pipelining client then waits in its own kernel. */
const MAX_WAITING_LINES = 10_000;
/** Milliseconds a client has to close its side once all we said is on its way. */
const LINGER_MS = 1_000;
/** Milliseconds to finish what is in hand when the server closes. */
const FINISH_MS = 5_000;

/** Carries a session over a stream socket. Reads on while it answers, within limits. */
export class Connection {
  readonly #socket: Socket;
  readonly #session: Session;
  readonly #decoder = new LineDecoder();
  /** Resolves when the socket is closed. */
  readonly closed: Promise<void>;
  #waiting: readonly string[] = [];
  #busy = false;
  /** No more input will be taken: the client or we are about to leave. */
  #inputEnded = false;
  #output = "";
  #flushSoon: NodeJS.Immediate | undefined;
  #ending = false;
  /** Goes on with what waits for the client to read. */
  #wake: () => void = () => {};
  #deadline: NodeJS.Timeout | undefined;

  constructor(socket: Socket, session: Session) {
    this.#socket = socket;
    this.#session = session;
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        clearTimeout(this.#deadline);
        clearImmediate(this.#flushSoon);
        this.#wake();
        resolve();
      });
    });
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes) => this.#receive(bytes));
    socket.on("drain", () => this.#wake());
    socket.on("end", () => {
      this.#inputEnded = true;
      void this.#work();
    });
  }

  /** Takes no more input, answers what has arrived in complete lines, then closes. */
  finish(): void {
    this.#inputEnded = true;
    this.#destroyIn(FINISH_MS);
    void this.#work();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#inputEnded || this.#session.ended) return;
    const lines = this.#decoder.push(bytes);
    this.#waiting = this.#waiting.length === 0 ? lines : this.#waiting.concat(lines);
    if (this.#decoder.fault !== undefined) this.#inputEnded = true;
    if (this.#waiting.length > MAX_WAITING_LINES) this.#socket.pause();
    if (lines.length > 0 || this.#inputEnded) void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting.length > 0 && !this.#session.ended) {
      const lines = this.#waiting;
      this.#waiting = [];
      this.#socket.resume();
      await this.#session.receive(lines, this.#reply);
      if (!this.#flush()) await this.#drained();
    }
    this.#busy = false;
    if (this.#session.ended || this.#inputEnded) this.#end();
  }

  /** Gathers what is to be sent while lines are handled that arrived together, unless that takes long. */
  readonly #reply = (text: string): void => {
    this.#output += text;
    this.#flushSoon ??= setImmediate(() => this.#flush());
  };

  /** @returns false when the client does not read as fast as we write */
  #flush(): boolean {
    clearImmediate(this.#flushSoon);
    this.#flushSoon = undefined;
    const text = this.#output;
    this.#output = "";
    return text === "" || this.#socket.destroyed || this.#socket.write(text);
  }

  async #drained(): Promise<void> {
    if (this.#socket.destroyed) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  #end(): void {
    if (this.#ending) return;
    this.#ending = true;
    if (this.#decoder.fault !== undefined && !this.#session.ended) {
      this.#session.refuse(this.#decoder.fault, this.#reply);
    }
    this.#flush();
    // Reading on, and throwing away, lets the client see the reason before it sees a reset.
    this.#socket.resume();
    this.#socket.end(() => this.#destroyIn(LINGER_MS));
  }

  #destroyIn(milliseconds: number): void {
    clearTimeout(this.#deadline);
    if (!this.#socket.destroyed) this.#deadline = setTimeout(() => this.#socket.destroy(), milliseconds);
  }
}
