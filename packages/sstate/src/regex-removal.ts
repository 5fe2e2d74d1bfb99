import { translateBytesRegex } from "./python-regex.ts";

/**
 * What takes all matches of a regular expression out of a text, as Python's `re.sub(regex, b"", text)` does for bytes:
 * an empty match may be followed by a longer one at the same place. Texts have the form of `latin1Of`.
 *
 * @throws {FileMapError} see `translateBytesRegex`
 */
export function createBytesRemoval(regex: string): (text: string) => string {
  const source = translateBytesRegex(regex);
  const search = new RegExp(source, "g");
  // Not empty: what follows the match must not be all that followed its beginning.
  const longer = new RegExp(`(?=([^]*))(?:${source})(?!\\1$)`, "y");
  return (text) => {
    let kept = "";
    let at = 0;
    for (let match = findAt(search, text, 0); match !== null; ) {
      kept += text.slice(at, match.index);
      at = match.index + match[0].length;
      match = match[0] !== "" ? findAt(search, text, at) : (findAt(longer, text, at) ?? findAt(search, text, at + 1));
    }
    return kept + text.slice(at);
  };
}

function findAt(regex: RegExp, text: string, at: number): RegExpExecArray | null {
  regex.lastIndex = at;
  return regex.exec(text);
}
