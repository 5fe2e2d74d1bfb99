import type { Socket } from "node:net";
import { FramingError, WEBSOCKET_FRAMING, WEBSOCKET_HIGH_WATER } from "@depid/hashserv-protocol";
import type { RawData, WebSocket } from "ws";
import { clientAddress } from "./client-address.ts";
import type { Transport, TransportEvents } from "./transport.ts";

/** Milliseconds in which a part of a message is unpacked, about. */
const UNPACK_MS = 100;

/** Of what receives for a WebSocket: bytes of a frame under way, and of the parts of its message that are unpacked. The library tells nobody else. */
interface Receiver {
  readonly _bufferedBytes?: number;
  readonly _messageLength?: number;
}

/** Lines over a WebSocket, each a text message. */
export class WebSocketTransport implements Transport {
  readonly framing = WEBSOCKET_FRAMING;
  readonly address: string;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  #drained: () => void = () => {};
  #waiting = false;
  #corked = false;
  #ended = false;
  #unpacking: NodeJS.Timeout | undefined;

  /** @param socket what the WebSocket was made of */
  constructor(webSocket: WebSocket, socket: Socket) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.address = clientAddress(socket.remoteAddress);
  }

  get unsent(): number {
    return this.#webSocket.bufferedAmount;
  }

  get incomplete(): number {
    const { _receiver } = this.#webSocket as WebSocket & { readonly _receiver?: Receiver };
    return (_receiver?._bufferedBytes ?? 0) + (_receiver?._messageLength ?? 0);
  }

  start(events: TransportEvents): void {
    const end = (fault?: FramingError): void => {
      if (this.#ended) return;
      this.#ended = true;
      events.ended(fault);
    };
    this.#drained = events.drained;
    // A message that is too long, or not UTF-8, ends the connection with the code that says so; that is seen to.
    this.#webSocket.on("error", () => end());
    this.#webSocket.on("message", (data: RawData, binary: boolean) => {
      if (this.#ended) return;
      const text = String(data);
      if (binary) end(new FramingError("a message is binary, expected text"));
      else events.lines([text], text.length);
    });
    const tellPart = (): void => {
      this.#unpacking = undefined;
      if (!this.#ended) events.lines([], 0);
    };
    // The WebSocket has had it before. What is packed is seen when it is unpacked.
    this.#socket.on("data", () => {
      if (this.incomplete > 0) tellPart();
      this.#unpacking ??= setTimeout(tellPart, UNPACK_MS).unref();
    });
    this.#webSocket.once("close", () => {
      clearTimeout(this.#unpacking);
      end();
      events.closed();
    });
  }

  write(lines: readonly string[]): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    if (!this.#corked) this.#socket.cork();
    this.#corked = true;
    for (const line of lines) this.#webSocket.send(line, this.#sent);
  }

  flush(): boolean {
    if (this.#corked) this.#socket.uncork();
    this.#corked = false;
    this.#waiting = this.#webSocket.bufferedAmount > WEBSOCKET_HIGH_WATER;
    return !this.#waiting;
  }

  readonly #sent = (): void => {
    if (!this.#waiting || this.#webSocket.bufferedAmount > WEBSOCKET_HIGH_WATER) return;
    this.#waiting = false;
    this.#drained();
  };

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  end(sent: () => void): void {
    this.flush();
    this.resume();
    this.#webSocket.close(1000);
    sent();
  }

  destroy(): void {
    this.#webSocket.terminate();
  }
}
