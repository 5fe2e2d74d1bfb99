import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { LineDecoder, ProtocolError, WEBSOCKET_HIGH_WATER } from "@depid/hashserv-protocol";
import type { RawData, WebSocket } from "ws";

/** A connected socket of any kind, carrying lines. */
export interface Transport {
  /** Begins to hand over what comes. */
  start(events: TransportEvents): void;
  /** Sends lines, given without LF. @returns false when the server does not read as fast; then `drained` will come */
  write(lines: readonly string[]): boolean;
  destroy(): void;
}

export interface TransportEvents {
  /** Lines that arrived together, without LF. */
  lines(lines: readonly string[]): void;
  /** What came makes no sense. */
  nonsense(reason: ProtocolError): void;
  drained(): void;
  /** The connection is lost, or closed by the server. */
  closed(cause?: Error): void;
}

/** TCP, TLS and unix sockets. */
export function createSocketTransport(socket: Socket): Transport {
  return {
    start(events) {
      const decoder = new LineDecoder();
      socket.on("data", (bytes) => {
        events.lines(decoder.push(bytes));
        if (decoder.fault !== undefined) events.nonsense(decoder.fault);
      });
      socket.on("drain", () => events.drained());
      socket.on("error", (cause) => events.closed(cause));
      socket.on("close", () => events.closed());
    },
    write: (lines) => socket.write(`${lines.join("\n")}\n`),
    destroy: () => socket.destroy(),
  };
}

/** WebSocket: each line is a message. @param socket what it was made of: what is written together is sent together */
export function createWebSocketTransport(webSocket: WebSocket, socket: Duplex | undefined): Transport {
  let sent = (): void => {};
  return {
    start(events) {
      sent = () => {
        if (webSocket.bufferedAmount <= WEBSOCKET_HIGH_WATER) events.drained();
      };
      webSocket.on("message", (data: RawData, binary: boolean) => {
        if (binary) events.nonsense(new ProtocolError("the server sent a binary message, expected text"));
        else events.lines([String(data)]);
      });
      webSocket.on("error", (cause) => events.closed(cause));
      webSocket.on("close", () => events.closed());
    },
    write(lines) {
      socket?.cork();
      for (const line of lines) webSocket.send(line, sent);
      socket?.uncork();
      return webSocket.bufferedAmount <= WEBSOCKET_HIGH_WATER;
    },
    // Ends without waiting for the server's goodbye.
    destroy: () => webSocket.terminate(),
  };
}
