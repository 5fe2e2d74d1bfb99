import { createConnection } from "node:net";
import { LineDecoder, parseAddress } from "@depid/hashserv-protocol";
import { WebSocket } from "ws";
import { announcesChunks } from "./transcript.ts";

/** Milliseconds after which a server is taken to say nothing more. */
const SILENCE_MS = 5_000;

/** What came next: a line or a message in chunks joined, the end of the connection, or nothing at all. */
export type Heard =
  | { readonly type: "line"; readonly text: string }
  | { readonly type: "eof" }
  | { readonly type: "silence" };

/** A raw client that sends what it is told and hears one thing after the other. */
export class Peer {
  readonly #wire: Wire;
  readonly #lines: string[] = [];
  #ended = false;
  #wake: () => void = () => {};

  constructor(address: string) {
    const lines = (lines: readonly string[]) => {
      this.#lines.push(...lines);
      this.#wake();
    };
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    this.#wire = address.startsWith("ws://") ? openWebSocket(address, lines, end) : openSocket(address, lines, end);
  }

  /** Sends bytes; over WebSocket these are text and LF, and go without LF as one message. */
  send(bytes: Uint8Array): void {
    this.#wire.send(bytes);
  }

  halfClose(): void {
    this.#wire.halfClose();
  }

  close(): void {
    this.#wire.close();
  }

  async hear(): Promise<Heard> {
    const first = await this.#next();
    if (first.type !== "line" || !this.#wire.chunks || !announcesChunks(first.text)) return first;
    let text = "";
    for (let piece = await this.#next(); piece.type !== "line" || piece.text !== ""; piece = await this.#next()) {
      if (piece.type !== "line") return piece;
      text += piece.text;
    }
    return { type: "line", text };
  }

  async #next(): Promise<Heard> {
    let silent = false;
    while (this.#lines.length === 0 && !this.#ended && !silent) {
      silent = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(true), SILENCE_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve(false);
        };
      });
    }
    const text = this.#lines.shift();
    if (text !== undefined) return { type: "line", text };
    return { type: this.#ended ? "eof" : "silence" };
  }
}

interface Wire {
  /** Whether messages may come in chunks. */
  readonly chunks: boolean;
  send(bytes: Uint8Array): void;
  halfClose(): void;
  close(): void;
}

function openSocket(address: string, lines: (lines: readonly string[]) => void, end: () => void): Wire {
  const parsed = parseAddress(address);
  const decoder = new LineDecoder();
  const socket = createConnection(
    parsed.type === "unix" ? { path: parsed.path } : { host: parsed.host, port: parsed.port },
  );
  socket.on("data", (bytes) => lines(decoder.push(bytes)));
  socket.on("end", end).on("error", end).on("close", end);
  return {
    chunks: true,
    send: (bytes) => void socket.write(bytes),
    halfClose: () => void socket.end(),
    close: () => void socket.destroy(),
  };
}

function openWebSocket(address: string, lines: (lines: readonly string[]) => void, end: () => void): Wire {
  const webSocket = new WebSocket(address);
  const opened = new Promise((resolve) => webSocket.once("open", resolve));
  webSocket.on("message", (text) => lines([String(text)]));
  webSocket.on("error", end).on("close", end);
  return {
    chunks: false,
    send: (bytes) => void opened.then(() => webSocket.send(Buffer.from(bytes).toString().replace(/\n$/, ""))),
    halfClose: () => webSocket.close(),
    close: () => webSocket.terminate(),
  };
}
