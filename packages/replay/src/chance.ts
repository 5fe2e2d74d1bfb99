import { sha256Hex } from "@depid/hash";

/** In [0, 1), decided by the text. */
export function uniformOf(text: string): number {
  return Number.parseInt(sha256Hex(text).slice(0, 13), 16) / 2 ** 52;
}

/** Of the standard normal distribution, decided by the text (Box and Muller). */
export function normalOf(text: string): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformOf(`${text} radius`)));
  return radius * Math.cos(2 * Math.PI * uniformOf(`${text} angle`));
}
