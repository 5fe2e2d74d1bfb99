/** White space as Python's `str.split()` and `str.rstrip()` have it; JavaScript's `\s` differs in six characters. */
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const AT_END = new RegExp(`${BLANK}+$`);
const AT_START = new RegExp(`^${BLANK}+`);
const BETWEEN_WORDS = new RegExp(`${BLANK}+`);

/** The text without white space at its end. */
export function stripEnd(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last > 0x20 && last < 0x80 ? text : text.replace(AT_END, "");
}

/** The text without white space at both ends. */
export function strip(text: string): string {
  return stripEnd(text).replace(AT_START, "");
}

/** The words of a text, at least one white space apart. */
export function splitWords(text: string): readonly string[] {
  return text.split(BETWEEN_WORDS).filter((word) => word !== "");
}

/** Whether a text is exactly one word, with no white space around it. */
export function isWord(text: string): boolean {
  return text !== "" && !BETWEEN_WORDS.test(text);
}
