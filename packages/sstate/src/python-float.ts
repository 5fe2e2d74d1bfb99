import { showValue } from "@depid/hash";
import { OutHashSettingsError } from "./errors.ts";

const DIGITS = String.raw`\d(?:_?\d)*`;
/** What `float` of Python takes once blanks around it are gone: underscores between digits, an exponent, infinity, nan. */
const FLOAT = new RegExp(
  String.raw`^[+-]?(?:(?:${DIGITS}\.?(?:${DIGITS})?|\.${DIGITS})(?:e[+-]?${DIGITS})?|inf(?:inity)?|nan)$`,
  "i",
);
/** Blanks round a number: those of JavaScript with U+0085, without U+FEFF. */
const BLANK = String.raw`(?:(?!\ufeff)[\s\x85])`;

/**
 * Reads a number as Python's `float` does: SOURCE_DATE_EPOCH of BitBake (signatures.md section 6). Digits of other scripts than Latin, which
 * Python takes too, are refused.
 *
 * @param name of the setting, for the message
 * @throws {OutHashSettingsError} where Python raises ValueError
 */
export function parsePythonFloat(name: string, text: string): number {
  const bare = text.replace(new RegExp(`^${BLANK}+|${BLANK}+$`, "g"), "");
  if (!FLOAT.test(bare)) throw new OutHashSettingsError(`expected a number in ${name}, found ${showValue(text)}`);
  const plain = bare.replaceAll("_", "").toLowerCase();
  if (plain.endsWith("nan")) return Number.NaN;
  if (plain.includes("inf")) return plain.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(plain);
}
