const CHUNK = 0x8000;

/**
 * Bytes as a string of the characters U+0000 to U+00FF, one per byte, so that text functions work on bytes. (The
 * `latin1` of `TextDecoder` is Windows-1252 and does not do this.)
 */
export function latin1Of(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return parts.join("");
}

/** The inverse of `latin1Of`. */
export function bytesOfLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The UTF-8 bytes of a text, in the form of `latin1Of`. */
export function utf8AsLatin1(text: string): string {
  return latin1Of(new TextEncoder().encode(text));
}
