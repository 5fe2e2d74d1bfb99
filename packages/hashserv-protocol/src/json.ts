/** What a message may hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * JSON as the reference writes it: `, ` and `: ` between the parts, everything beyond ASCII as `\uXXXX` (section 4).
 * The length of the text is thus its length in bytes, and white space beyond these separators only occurs in strings.
 */
export function formatJson(value: Json): string {
  if (typeof value === "string") return formatText(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(formatJson).join(", ")}]`;
  let pairs = "";
  const object = value as { readonly [key: string]: Json };
  for (const key of Object.keys(object)) {
    const part = object[key] as Json;
    pairs += `${pairs === "" ? "" : ", "}${formatText(key)}: ${formatJson(part)}`;
  }
  return `{${pairs}}`;
}

/**
 * Reads JSON as Python does: the words `NaN`, `Infinity` and `-Infinity` are numbers too.
 *
 * @throws {SyntaxError}
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const numbers = text.replace(PYTHON_NUMBER, (found) => (found.startsWith('"') ? found : " 1e999 "));
    if (numbers === text) throw error;
    return JSON.parse(numbers);
  }
}

/** A string, which is to be left alone, or one of the words. 1e999 reads as infinity: a number, and true as a flag. */
const PYTHON_NUMBER = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;
/** Text of which nothing is escaped. Most is, and looking takes a fifth of the time of escaping. */
const PLAIN = /^[ !#-[\]-~]*$/;
const BEYOND_ASCII = /[^ -~]/g;

function formatText(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(BEYOND_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
