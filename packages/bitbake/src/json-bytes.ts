/** Positions in JSON as Python writes it without blanks. Of bytes that are no JSON these tell anything: who uses them parses, too. */

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN = 0x7b;
export const CLOSE = 0x7d;
export const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
/** Bytes that are looked at one by one: of a short text that takes less time than asking for the next quote. */
const NEAR = 48;

/** The position behind a text. @param at where its opening quote is */
export function behindText(bytes: Uint8Array, at: number): number {
  let end = at + 1;
  for (const near = end + NEAR; end < near; ) {
    const byte = bytes[end];
    if (byte === QUOTE || byte === undefined) return end + 1;
    end += byte === BACKSLASH ? 2 : 1;
  }
  // What is long is searched for the next quote, which most likely ends it.
  for (;;) {
    const quote = bytes.indexOf(QUOTE, end);
    if (quote < 0) return bytes.length + 1;
    let escapes = quote;
    while (escapes > end && bytes[escapes - 1] === BACKSLASH) escapes -= 1;
    end = quote + 1;
    if ((quote - escapes) % 2 === 0) return end;
  }
}

/** The position behind a value of any kind. @param at where it begins */
export function behindValue(bytes: Uint8Array, at: number): number {
  if (bytes[at] === QUOTE) return behindText(bytes, at);
  let depth = 0;
  for (let end = at; end < bytes.length; ) {
    const byte = bytes[end];
    if (byte === QUOTE) {
      end = behindText(bytes, end);
      continue;
    }
    const closes = byte === CLOSE || byte === CLOSE_LIST;
    if (depth === 0 && (closes || byte === COMMA)) return end;
    end += 1;
    if (byte === OPEN || byte === OPEN_LIST) depth += 1;
    else if (closes) depth -= 1;
    if (depth === 0 && closes) return end;
  }
  return bytes.length;
}
