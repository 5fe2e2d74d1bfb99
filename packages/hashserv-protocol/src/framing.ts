import { formatMessageLines } from "./chunks.ts";
import { formatJson, type Json } from "./json.ts";
import { MessageDecoder, parseMessage } from "./message-decoder.ts";
import { stripEnd } from "./white-space.ts";

/** How messages and lines travel on a kind of connection (section 4). */
export interface Framing {
  /** What makes messages of the lines that come; `max` limits the characters of those in chunks. */
  readonly createDecoder: (max?: number) => Pick<MessageDecoder, "push" | "held">;
  /** A message as the lines it is sent in, without LF. */
  readonly formatMessage: (value: Json) => readonly string[];
  /** What counts of a line that came in a stream. */
  readonly trim: (line: string) => string;
}

/** TCP, TLS and unix sockets: long messages come in chunks, white space at the end of a line does not count. */
export const LINE_FRAMING: Framing = {
  createDecoder: (max) => new MessageDecoder(max),
  formatMessage: formatMessageLines,
  trim: stripEnd,
};

/** WebSocket: a line, or a message of any length, is one text message; nothing is stripped. */
export const WEBSOCKET_FRAMING: Framing = {
  createDecoder: () => ({ held: 0, push: (text) => ({ value: parseMessage(text), chunked: false }) }),
  formatMessage: (value) => [formatJson(value)],
  trim: (line) => line,
};
