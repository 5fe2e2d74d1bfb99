import { BACKSLASH, QUOTE } from "./json-bytes.ts";

/** Whether bytes are a JSON text that means what it shows: ASCII without escapes. @param from where its quotation mark is @param to behind it */
export function isPlainText(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 2 || bytes[from] !== QUOTE || bytes[to - 1] !== QUOTE) return false;
  for (let i = from + 1; i < to - 1; i++) {
    const byte = bytes[i] as number;
    if (byte < FIRST_PLAIN || byte > LAST_PLAIN || byte === BACKSLASH || byte === QUOTE) return false;
  }
  return true;
}

const FIRST_PLAIN = 0x20;
const LAST_PLAIN = 0x7e;

/** ASCII as text. */
export function textOf(view: DataView, from: number, length: number): string {
  return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + from, length));
}

const decoder = new TextDecoder();
