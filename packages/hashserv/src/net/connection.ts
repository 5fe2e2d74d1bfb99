import { type FramingError, ProtocolError } from "@depid/hashserv-protocol";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Session } from "../session/session.ts";
import type { Transport } from "./transport.ts";
import type { Turn } from "./turn.ts";

/** Bytes read ahead before we stop reading; a pipelining client then waits in its own kernel. */
const MAX_WAITING = 1 << 20;
/** Milliseconds a client has to close its side once all we said is on its way. */
const LINGER_MS = 1_000;
/** Milliseconds to finish what is in hand when the server closes. */
const FINISH_MS = 5_000;

/** Carries a session over a transport. Reads on while it answers, within limits. */
export class Connection {
  readonly #transport: Transport;
  readonly #session: Session;
  readonly #turn: Turn;
  /** Resolves when the transport is closed. */
  readonly closed: Promise<void>;
  #waiting: string[] = [];
  #waitingSize = 0;
  #busy = false;
  /** The session is waiting for something: what it has to say meanwhile does not wait for the rest. */
  #slow = false;
  /** No more input will be taken: the client or we are about to leave. */
  #inputEnded = false;
  #fault: FramingError | undefined;
  #flushSoon: NodeJS.Immediate | undefined;
  #ending = false;
  #destroyed = false;
  /** Goes on with what waits for the client to read. */
  #wake: () => void = () => {};
  #deadline: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;

  /** @param turn in which all connections of a server answer what has arrived */
  constructor(transport: Transport, session: Session, turn: Turn) {
    this.#turn = turn;
    this.#transport = transport;
    this.#session = session;
    this.closed = new Promise((resolve) => {
      transport.start({
        lines: (lines, size) => this.#receive(lines, size),
        ended: (fault) => {
          this.#inputEnded = true;
          this.#fault = fault;
          this.#work();
        },
        drained: () => this.#wake(),
        closed: () => {
          this.#destroyed = true;
          clearTimeout(this.#deadline);
          clearTimeout(this.#patience);
          clearImmediate(this.#flushSoon);
          this.#wake();
          resolve();
        },
      });
    });
  }

  /** Ends the connection unless the greeting is complete in time. How long it may be idle afterwards has no limit. */
  expectGreeting(milliseconds: number): void {
    this.#patience = setTimeout(() => {
      if (!this.#session.greeted) this.refuse(new ProtocolError(`no greeting within ${milliseconds / 1000} s`));
    }, milliseconds);
  }

  /** Says why the client is not served, and closes. */
  refuse(reason: unknown): void {
    this.#inputEnded = true;
    this.#waiting = [];
    if (!this.#session.ended) this.#session.refuse(reason, this.#reply);
    if (!this.#busy) this.#end();
  }

  /** Takes no more input, answers what has arrived in complete lines, then closes. */
  finish(): void {
    this.#inputEnded = true;
    this.#destroyIn(FINISH_MS);
    this.#work();
  }

  #receive(lines: string[], size: number): void {
    if (this.#inputEnded || this.#session.ended) return;
    this.#waitingSize += size;
    if (this.#waitingSize > MAX_WAITING) this.#transport.pause();
    if (this.#waiting.length > 0) {
      for (const line of lines) this.#waiting.push(line);
      return;
    }
    this.#waiting = lines;
    if (!this.#busy) this.#turn.join(this.#work);
  }

  /** Handles what waits. Most of it is answered at once, and without a promise. */
  readonly #work = (): void => {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting.length > 0 && !this.#session.ended) {
      const handling = this.#session.receive(this.#takeWaiting(), this.#reply);
      if (this.#session.greeted) clearTimeout(this.#patience);
      if (handling instanceof Promise || !this.#flush()) {
        void this.#goOn(handling);
        return;
      }
    }
    this.#busy = false;
    if (this.#session.ended || this.#inputEnded) this.#end();
  };

  /** Goes on when the session is through, and the client has read enough. */
  async #goOn(handling: MaybePromise<void>): Promise<void> {
    this.#slow = true;
    this.#flushSoon ??= setImmediate(() => this.#flush());
    await handling;
    this.#slow = false;
    if (!this.#flush()) await this.#drained();
    this.#busy = false;
    this.#work();
  }

  #takeWaiting(): readonly string[] {
    const lines = this.#waiting;
    this.#waiting = [];
    if (this.#waitingSize > MAX_WAITING) this.#transport.resume();
    this.#waitingSize = 0;
    return lines;
  }

  /** Gathers what is to be sent while lines are handled that arrived together, unless that takes long. */
  readonly #reply = (lines: readonly string[]): void => {
    this.#transport.write(lines);
    if (this.#slow) this.#flushSoon ??= setImmediate(() => this.#flush());
  };

  /** @returns false when the client does not read as fast as we write */
  #flush(): boolean {
    clearImmediate(this.#flushSoon);
    this.#flushSoon = undefined;
    return this.#transport.flush();
  }

  async #drained(): Promise<void> {
    if (this.#destroyed) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  #end(): void {
    if (this.#ending) return;
    this.#ending = true;
    if (this.#fault !== undefined && !this.#session.ended) this.#session.refuse(this.#fault, this.#reply);
    this.#flush();
    this.#transport.end(() => this.#destroyIn(LINGER_MS));
  }

  #destroyIn(milliseconds: number): void {
    clearTimeout(this.#deadline);
    if (!this.#destroyed) this.#deadline = setTimeout(() => this.#transport.destroy(), milliseconds);
  }
}
