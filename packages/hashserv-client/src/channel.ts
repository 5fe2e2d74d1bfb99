import {
  type Address,
  type ClientSide,
  type existsStream,
  type Framing,
  formatAddress,
  formatRequest,
  type gcMarkStream,
  type getStream,
  LINE_FRAMING,
  STREAM_END,
  WEBSOCKET_FRAMING,
} from "@depid/hashserv-protocol";
import type { ConnectOptions } from "./connect.ts";
import { Connection, type Taker } from "./connection.ts";
import { ConnectionError } from "./errors.ts";
import type { Prelude } from "./prelude.ts";
import { takeAnswers, takeInTurn, takeStreamEnd } from "./takers.ts";

/** Times a call is repeated on a new connection when the old one is lost, as BitBake's client does (section 17). */
const MAX_REPEATS = 3;
/** Characters written at a time, so that the socket can hold us back. */
const PIECE = 16_384;

export type StreamMode = typeof getStream | typeof existsStream | typeof gcMarkStream;

/**
 * A connection that is renewed when lost, and a queue of calls for it. A stream mode is kept between calls, and left
 * only for a call that needs another (section 17). Repeating is what BitBake's client does, too.
 */
export class Channel {
  readonly #address: Address;
  readonly #options: ConnectOptions;
  readonly #framing: Framing;
  readonly #prelude: Prelude | undefined;
  #connection: Connection | undefined;
  #mode: StreamMode | undefined;
  /** The end of the queue. */
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(address: Address, options: ConnectOptions, prelude?: Prelude) {
    this.#address = address;
    this.#prelude = prelude;
    this.#options = options;
    this.#framing = address.type === "ws" || address.type === "wss" ? WEBSOCKET_FRAMING : LINE_FRAMING;
    options.signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** Connects now rather than with the first call. @throws {ConnectionError} */
  async open(): Promise<void> {
    await this.#enqueue(() => this.#connect());
  }

  /** Writes all requests without waiting. @returns the answers, in order */
  async request<Request, Received>(
    method: ClientSide<Request, Received>,
    requests: readonly Request[],
  ): Promise<readonly Received[]> {
    const lines = requests.flatMap((request) => this.#framing.formatMessage(formatRequest(method, request)));
    const take = (answers: Received[]) => takeAnswers(method, requests.length, answers, this.#framing);
    return this.#call(undefined, lines, take);
  }

  /** Writes all lines in a stream mode without waiting. @returns what `take` makes of the answers, in order */
  async stream<T>(
    mode: StreamMode,
    lines: readonly string[],
    take: (count: number, into: T[]) => Taker,
  ): Promise<readonly T[]> {
    return this.#call(mode, lines, (into: T[]) => take(lines.length, into));
  }

  /** Waits for the calls in the queue, then disconnects. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#options.signal?.removeEventListener("abort", this.#abort);
    await this.#last;
    this.#connection?.destroy();
  }

  async #call<T>(
    mode: StreamMode | undefined,
    lines: readonly string[],
    take: (into: T[]) => Taker,
  ): Promise<readonly T[]> {
    if (lines.length === 0) return [];
    return this.#enqueue(async () => {
      const connection = await this.#connect();
      const change = this.#changeTo(mode);
      const results: T[] = [];
      const pieces = cutPieces([...change.lines, ...lines]);
      await connection.exchange(pieces, takeInTurn([...change.takers, take(results)]));
      this.#mode = mode;
      return results;
    });
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closedError());
    const result = this.#last.then(() => this.#repeat(work));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #repeat<T>(work: () => Promise<T>): Promise<T> {
    for (let repeats = 0; ; repeats++) {
      this.#options.signal?.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        const lost = error instanceof ConnectionError && error.fault === "lost";
        if (!lost || repeats === MAX_REPEATS) throw error;
      }
    }
  }

  async #connect(): Promise<Connection> {
    if (this.#connection?.alive) return this.#connection;
    this.#mode = undefined;
    const connection = await Connection.open(this.#address, this.#options);
    this.#connection = connection;
    const prelude = this.#prelude;
    if (prelude !== undefined) {
      await connection.exchange([prelude.lines(this.#framing)], prelude.createTaker(this.#framing));
    }
    return connection;
  }

  /** What is to be sent, and to be awaited, before calls of another mode. */
  #changeTo(mode: StreamMode | undefined): { readonly lines: readonly string[]; readonly takers: readonly Taker[] } {
    const lines: string[] = [];
    const takers: Taker[] = [];
    if (mode === this.#mode) return { lines, takers };
    if (this.#mode !== undefined) {
      lines.push(STREAM_END);
      takers.push(takeStreamEnd);
    }
    if (mode !== undefined) {
      lines.push(...this.#framing.formatMessage(formatRequest(mode, {})));
      takers.push(takeAnswers(mode, 1, [], this.#framing));
    }
    return { lines, takers };
  }

  readonly #abort = (): void => {
    this.#closed = true;
    this.#connection?.destroy(this.#options.signal?.reason);
  };

  #closedError(): unknown {
    return this.#options.signal?.aborted
      ? this.#options.signal.reason
      : new ConnectionError(formatAddress(this.#address), "closed", "the client is closed");
  }
}

function* cutPieces(lines: readonly string[]): Generator<readonly string[]> {
  for (let start = 0, at = 0, size = 0; at < lines.length; at++) {
    size += (lines[at] ?? "").length;
    if (size < PIECE && at < lines.length - 1) continue;
    yield lines.slice(start, at + 1);
    start = at + 1;
    size = 0;
  }
}
