import { createConnection } from "node:net";
import { LineDecoder, parseAddress } from "@depid/hashserv-protocol";
import { WebSocket } from "ws";
import { announcesChunks } from "./transcript.ts";

/** What came next: a line or a message in chunks joined, the end of the connection, or nothing at all. */
export type Heard =
  | { readonly type: "line"; readonly text: string }
  | { readonly type: "eof" }
  | { readonly type: "silence" };

/** A raw connection, of any kind. */
interface Wire {
  send(bytes: Uint8Array): void;
  halfClose(): void;
  close(): void;
}

interface WireEvents {
  readonly lines: (lines: readonly string[]) => void;
  readonly end: () => void;
}

/** A raw client that sends what it is told and hears one thing after the other. */
export class Peer {
  readonly #wire: Wire;
  readonly #lines: string[] = [];
  #ended = false;
  #wake: () => void = () => {};

  constructor(address: string) {
    const parsed = parseAddress(address);
    const open = parsed.type === "ws" ? openWebSocket : openSocket;
    this.#wire = open(address, {
      lines: (lines) => {
        for (const line of lines) this.#lines.push(line);
        this.#wake();
      },
      end: () => {
        this.#ended = true;
        this.#wake();
      },
    });
  }

  /** @param bytes a line with its LF, or part of one; over WebSocket the LF is not sent */
  send(bytes: Uint8Array): void {
    this.#wire.send(bytes);
  }

  halfClose(): void {
    this.#wire.halfClose();
  }

  close(): void {
    this.#wire.close();
  }

  /** @param silenceMs milliseconds after which the server is taken to say nothing more */
  async hear(silenceMs: number): Promise<Heard> {
    const first = await this.#next(silenceMs);
    if (first.type !== "line" || !announcesChunks(first.text)) return first;
    let text = "";
    for (;;) {
      const piece = await this.#next(silenceMs);
      if (piece.type !== "line") return piece;
      if (piece.text === "") break;
      text += piece.text;
    }
    return { type: "line", text };
  }

  async #next(silenceMs: number): Promise<Heard> {
    let silent = false;
    while (this.#lines.length === 0 && !this.#ended && !silent) {
      silent = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(true), silenceMs);
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

function openSocket(address: string, { lines, end }: WireEvents): Wire {
  const parsed = parseAddress(address);
  const decoder = new LineDecoder();
  const socket = createConnection(
    parsed.type === "unix" ? { path: parsed.path } : { host: parsed.host, port: parsed.port },
  );
  socket.on("data", (bytes) => lines(decoder.push(bytes)));
  socket.on("end", end).on("error", end).on("close", end);
  return {
    send: (bytes) => void socket.write(bytes),
    halfClose: () => void socket.end(),
    close: () => void socket.destroy(),
  };
}

function openWebSocket(address: string, { lines, end }: WireEvents): Wire {
  const socket = new WebSocket(address);
  const opened = new Promise<void>((resolve) => socket.once("open", resolve).once("error", () => resolve()));
  socket.on("message", (data) => lines([String(data)]));
  socket.on("error", end).on("close", end);
  const send = async (text: string) => {
    await opened;
    socket.send(text);
  };
  return {
    send: (bytes) => void send(Buffer.from(bytes).toString().replace(/\n$/, "")),
    halfClose: () => socket.close(),
    close: () => socket.terminate(),
  };
}
