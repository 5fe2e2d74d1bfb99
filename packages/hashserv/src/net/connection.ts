import { type FramingError, ProtocolError } from "@depid/hashserv-protocol";
import { LimitError } from "../errors.ts";
import type { Session } from "../session/session.ts";
import type { Budget } from "./budget.ts";
import type { Transport } from "./transport.ts";
import type { Turn } from "./turn.ts";

/** Bytes read ahead before we stop reading; a pipelining client then waits in its own kernel. */
const MAX_WAITING = 1 << 17;
/** Bytes held for a client of which nobody is told: a request or two that are answered at once. */
const FREE = 1 << 10;
/** Bytes that a line which waits takes besides its text. */
const LINE_BYTES = 16;
/** Characters of answers that are gathered before they are sent, and it is seen whether the client takes them. */
const MAX_GATHERED = 1 << 17;
/** Milliseconds of handling what one client asks; then others have their turn. */
const SLICE_MS = 2;
/** Milliseconds in which a client that cannot be served may say what it wants. */
const OBJECTION_MS = 500;
/** Milliseconds a client has to close its side once all we said is on its way. */
const LINGER_MS = 1_000;
/** Milliseconds to finish what is in hand when the server closes. */
const FINISH_MS = 5_000;

/** What the connections of a server share. */
export interface Shared {
  /** In which they answer what has arrived. */
  readonly turn: Turn;
  /** Of what is held in memory for their clients. */
  readonly budget: Budget;
}

/**
 * Carries a session over a transport. Reads on while it answers, within limits; goes on answering as the client takes the
 * answers, a little at a time, so that no client holds up others.
 */
export class Connection {
  readonly #transport: Transport;
  readonly #session: Session;
  readonly #turn: Turn;
  readonly #budget: Budget;
  /** Resolves when the transport is closed. */
  readonly closed: Promise<void>;
  /** Lines that came, those before `#next` handled. */
  #lines: string[] = [];
  #next = 0;
  /** Bytes of these lines. */
  #waiting = 0;
  /** Lines are being handled, or it is waited for the client to take what they were answered. */
  #busy = false;
  /** The session is waiting for something: what it has to say meanwhile does not wait for the rest. */
  #slow = false;
  /** It is waited for the client to take the answers. */
  #stalled = false;
  /** Characters of answers since the last flush. */
  #gathered = 0;
  /** Bytes that the budget was told of. */
  #told = 0;
  /** The client did not take all of the last flush. */
  #untaken = false;
  /** When others have their turn. */
  #sliceEnd = 0;
  /** No more input will be taken: the client or we are about to leave. */
  #inputEnded = false;
  #fault: FramingError | undefined;
  #flushSoon: NodeJS.Immediate | undefined;
  #ending = false;
  #destroyed = false;
  #deadline: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(transport: Transport, session: Session, { turn, budget }: Shared) {
    this.#turn = turn;
    this.#budget = budget;
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
        drained: () => this.#goOn(),
        closed: () => {
          this.#destroyed = true;
          // Nobody would hear what they are answered.
          this.#forgetLines();
          clearTimeout(this.#deadline);
          clearTimeout(this.#patience);
          clearImmediate(this.#flushSoon);
          this.#goOn();
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
    this.#forgetLines();
    if (!this.#session.ended) this.#session.refuse(reason, this.#reply);
    if (!this.#busy) this.#end();
  }

  /** Takes no more input, answers what has arrived in complete lines, then closes. */
  finish(): void {
    this.#inputEnded = true;
    this.#destroyIn(FINISH_MS);
    this.#work();
  }

  /** Ends the connection, as what is held for it is needed for others. Who does not read is not told. */
  giveUp(): void {
    this.#told = 0;
    this.refuse(new LimitError("the server holds too much for its clients, and has held this one's for longest"));
    if (this.#transport.unsent > 0) this.#transport.destroy();
  }

  #receive(lines: string[], size: number): void {
    if (this.#inputEnded || this.#session.ended) return;
    if (lines.length > 0) this.#enqueue(lines, size);
    this.#account();
  }

  #enqueue(lines: string[], size: number): void {
    this.#waiting += size + lines.length * LINE_BYTES;
    if (this.#waiting > MAX_WAITING) this.#transport.pause();
    if (this.#next < this.#lines.length) {
      for (const line of lines) this.#lines.push(line);
      return;
    }
    [this.#lines, this.#next] = [lines, 0];
    if (!this.#busy) this.#turn.join(this.#work, this.#size);
  }

  /** Handles what waits, or some of it. Most of it is answered at once, and without a promise. @returns whether that is through */
  readonly #work = (): boolean => {
    if (this.#busy) return true;
    this.#busy = true;
    this.#sliceEnd = performance.now() + SLICE_MS;
    const handling = this.#session.receive(this.#lines, this.#reply, this.#next, this.#mayGoOn);
    if (handling instanceof Promise) void this.#handleSlowly(handling);
    else this.#handled(handling);
    return !(handling instanceof Promise);
  };

  async #handleSlowly(handling: Promise<number>): Promise<void> {
    this.#slow = true;
    this.#flushSoon ??= setImmediate(() => this.#flush());
    const count = await handling;
    this.#slow = false;
    this.#handled(count);
  }

  /** Others have their turn, and the client takes what it was answered, before the rest is handled. */
  #handled(count: number): void {
    this.#next += count;
    if (this.#next >= this.#lines.length || this.#session.ended) this.#forgetLines();
    if (this.#session.greeted) clearTimeout(this.#patience);
    if (this.#session.objection !== undefined) this.#objectSoon(this.#session.objection);
    this.#flush();
    this.#stalled = this.#untaken && !this.#destroyed;
    if (!this.#stalled) this.#handleRest();
    this.#account();
  }

  #objectSoon(objection: ProtocolError): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.refuse(objection), OBJECTION_MS);
  }

  /** Goes on when the client has taken the answers. */
  #goOn(): void {
    this.#untaken = false;
    if (this.#stalled) {
      this.#stalled = false;
      this.#handleRest();
    }
    this.#account();
  }

  #handleRest(): void {
    this.#busy = false;
    if (this.#next < this.#lines.length) this.#turn.leaveOver(this.#work, this.#size);
    else if (this.#session.ended || this.#inputEnded) this.#end();
  }

  readonly #size = (): number => this.#waiting;

  readonly #mayGoOn = (): boolean =>
    this.#gathered < MAX_GATHERED && !this.#untaken && !this.#destroyed && performance.now() < this.#sliceEnd;

  #forgetLines(): void {
    if (this.#waiting > MAX_WAITING) this.#transport.resume();
    [this.#lines, this.#next, this.#waiting] = [[], 0, 0];
  }

  /** Says what is held in memory for this client, if it is worth a word. */
  #account(): void {
    const { unsent, incomplete } = this.#transport;
    const held = this.#destroyed ? 0 : unsent + incomplete + this.#waiting + this.#session.held;
    const told = held < FREE ? 0 : held;
    if (told === this.#told) return;
    this.#told = told;
    this.#budget.hold(this, told);
  }

  /** Gathers what is to be sent while lines are handled that arrived together, unless that takes long. */
  readonly #reply = (lines: readonly string[]): void => {
    for (const line of lines) this.#gathered += line.length;
    this.#transport.write(lines);
    if (this.#slow) this.#flushSoon ??= setImmediate(() => this.#flush());
  };

  /** Sends what was gathered. */
  #flush(): void {
    clearImmediate(this.#flushSoon);
    this.#flushSoon = undefined;
    this.#gathered = 0;
    this.#untaken = !this.#transport.flush();
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
