import { areEqual } from "./growing-bytes.ts";
import { COMMA, QUOTE } from "./json-bytes.ts";
import { isPlainText } from "./plain-text.ts";

/** What BitBake writes around the names of a set. */
export const SET_BEGIN = new DataView(new TextEncoder().encode('{"_set_object":[').buffer);
export const SET_END = new DataView(new TextEncoder().encode("]}").buffer);

/** Whether bytes are a set, as BitBake writes it, of plain texts. @param view the same bytes */
export function isPlainSet(bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
  const end = to - SET_END.byteLength;
  let at = from + SET_BEGIN.byteLength;
  if (at > end || !areEqual(view, from, SET_BEGIN, 0, SET_BEGIN.byteLength)) return false;
  if (!areEqual(view, end, SET_END, 0, SET_END.byteLength)) return false;
  if (at === end) return true;
  for (;;) {
    const quote = bytes.indexOf(QUOTE, at + 1);
    if (quote < 0 || quote >= end || !isPlainText(bytes, at, quote + 1)) return false;
    if (quote + 1 === end) return true;
    if (bytes[quote + 1] !== COMMA) return false;
    at = quote + 2;
  }
}
