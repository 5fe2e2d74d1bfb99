import { createConnection, type Socket } from "node:net";
import { LineDecoder, parseAddress } from "@depid/hashserv-protocol";
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
  readonly #socket: Socket;
  readonly #decoder = new LineDecoder();
  readonly #lines: string[] = [];
  #ended = false;
  #wake: () => void = () => {};

  constructor(address: string) {
    const parsed = parseAddress(address);
    this.#socket = createConnection(
      parsed.type === "unix" ? { path: parsed.path } : { host: parsed.host, port: parsed.port },
    );
    this.#socket.on("data", (bytes) => {
      this.#lines.push(...this.#decoder.push(bytes));
      this.#wake();
    });
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    this.#socket.on("end", end).on("error", end).on("close", end);
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  halfClose(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }

  async hear(): Promise<Heard> {
    const first = await this.#next();
    if (first.type !== "line" || !announcesChunks(first.text)) return first;
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
