/**
 * A shell pattern as Python's `fnmatch` reads it: `*` and `?` also match "/", a "[" without "]" is literal, characters
 * are code points, and the whole text must match.
 */
export function compileShellPattern(pattern: string): RegExp {
  const chars = Array.from(pattern);
  let source = "";
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? "";
    const end = char === "[" ? endOfSet(chars, i) : -1;
    if (end >= 0) {
      source += setSource(chars.slice(i + 1, end));
      i = end;
    } else source += char === "*" ? ".*" : char === "?" ? "." : literal(char);
  }
  return new RegExp(`^${source}$`, "su");
}

/** Index of the "]" that ends the set begun at `start`; -1 if there is none. A "]" at the very beginning is a member. */
function endOfSet(chars: readonly string[], start: number): number {
  const first = chars[start + 1] === "!" ? start + 2 : start + 1;
  return chars.indexOf("]", first + 1);
}

/** Ranges which run backwards are empty; a set with nothing in it matches nothing, its negation anything. */
function setSource(inner: readonly string[]): string {
  const negated = inner[0] === "!";
  const members = negated ? inner.slice(1) : inner;
  let source = "";
  for (let i = 0; i < members.length; i++) {
    const from = members[i] ?? "";
    const to = members[i + 1] === "-" ? members[i + 2] : undefined;
    if (to === undefined) source += literal(from);
    else {
      if ((from.codePointAt(0) ?? 0) <= (to.codePointAt(0) ?? 0)) source += `${literal(from)}-${literal(to)}`;
      i += 2;
    }
  }
  return `[${negated ? "^" : ""}${source}]`;
}

function literal(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
