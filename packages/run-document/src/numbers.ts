/**
 * Whole numbers as text: each as an unsigned LEB128 (seven bits a byte, the lowest first, the eighth says that more follow), the bytes in base64. Small
 * numbers take a byte, and a million of them are read in a few milliseconds, which those of JSON are not.
 */
export function encodeNumbers(numbers: Iterable<number>): string {
  const bytes: number[] = [];
  for (let number of numbers) {
    while (number >= 0x80) {
      bytes.push((number % 0x80) | 0x80);
      number = Math.floor(number / 0x80);
    }
    bytes.push(number);
  }
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.slice(at, at + CHUNK));
  return btoa(text);
}

/** The inverse of `encodeNumbers`. @returns `undefined` where the text is none that it writes */
export function decodeNumbers(text: string): number[] | undefined {
  const bytes = decodeBase64(text);
  if (bytes === undefined) return undefined;
  const numbers: number[] = [];
  let number = 0;
  let scale = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes.charCodeAt(at);
    number += (byte % 0x80) * scale;
    if (number > Number.MAX_SAFE_INTEGER) return undefined;
    scale *= 0x80;
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0;
    scale = 1;
  }
  return scale === 1 ? numbers : undefined;
}

/** Arguments of one call are limited. */
const CHUNK = 8192;

function decodeBase64(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}
