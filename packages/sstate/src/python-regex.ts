import { FileMapError } from "./errors.ts";
import { utf8AsLatin1 } from "./latin1.ts";

/**
 * Source of a regular expression (without flags) that matches in texts of the form of `latin1Of` what a Python regular
 * expression matches in bytes.
 *
 * What differs between the languages is translated (`.`, `$`, `\s`, `\Z`, `{,n}`, `]` first in a set, named groups).
 * What has no exact like is refused: back-references, inline flags, comments, conditions, atomic groups, possessive
 * quantifiers, quantified assertions, quantifiers and alternatives in a look-behind.
 *
 * @throws {FileMapError} for those, and for what Python itself rejects
 */
export function translateBytesRegex(regex: string): string {
  return new RegexReader(regex).alternatives(0);
}

const ANY = "[^\\n]";
const SPACE = "\\t-\\r\\x20";
const NOT_SPACE = "\\x00-\\x08\\x0e-\\x1f\\x21-\\xff";
const END = "(?![^])";
/** Escapes that are a set of bytes: as an atom, and as part of a set. ASCII only, as for Python's bytes. */
const CLASSES: Readonly<Record<string, string>> = {
  d: "\\d",
  D: "\\D",
  w: "\\w",
  W: "\\W",
  s: SPACE,
  S: NOT_SPACE,
};
const CONTROLS: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };
const ASSERTIONS: Readonly<Record<string, string>> = { b: "\\b", B: "\\B", A: "^", Z: END };
/** What may follow "(" and what is written for it; groups are never referred to, so none captures. */
const GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^\?:/, "(?:"],
  [/^\?P<[A-Za-z_]\w*>/, "(?:"],
  [/^(\?=|\?!|\?<=|\?<!)/, "($1"],
  [/^(?!\?)/, "(?:"],
];
const QUANTIFIER = /^(?:[*+?]|\{(\d*),(\d*)\}|\{(\d+)\})/;

interface Atom {
  readonly source: string;
  readonly isAssertion: boolean;
}

class RegexReader {
  readonly #regex: string;
  readonly #text: string;
  #at = 0;
  #inLookBehind = false;

  constructor(regex: string) {
    this.#regex = regex;
    this.#text = utf8AsLatin1(regex);
  }

  /** Reads up to the ")" of the group at this depth, or the end. */
  alternatives(depth: number): string {
    let source = "";
    while (this.#at < this.#text.length && this.#peek() !== ")") {
      if (this.#peek() === "|") {
        this.#failInLookBehind();
        source += this.#next();
      } else source += this.#quantified(this.#atom(depth));
    }
    if (depth === 0 && this.#peek() === ")") this.#fail("unbalanced parenthesis");
    return source;
  }

  #quantified(atom: Atom): string {
    const match = QUANTIFIER.exec(this.#rest());
    if (match === null) return atom.source;
    this.#failInLookBehind();
    if (atom.isAssertion) this.#fail("a quantified assertion is not supported");
    this.#at += match[0].length;
    const counted = match[1] === undefined ? match[0] : `{${match[1] || "0"},${match[2]}}`;
    if (Number(match[1]) > Number(match[2] || Number.POSITIVE_INFINITY)) this.#fail("minimum above maximum");
    const lazy = this.#peek() === "?" ? this.#next() : "";
    if (this.#peek() === "+" && lazy === "") this.#fail("a possessive quantifier is not supported");
    if (QUANTIFIER.test(this.#rest())) this.#fail("multiple repeat");
    return `${atom.source}${counted}${lazy}`;
  }

  #atom(depth: number): Atom {
    if (QUANTIFIER.test(this.#rest())) this.#fail("nothing to repeat");
    const char = this.#next();
    switch (char) {
      case ".":
        return { source: ANY, isAssertion: false };
      case "^":
        return { source: "^", isAssertion: true };
      case "$":
        return { source: `(?=\\n?${END})`, isAssertion: true };
      case "(":
        return this.#group(depth);
      case "[":
        return { source: this.#set(), isAssertion: false };
      case "\\":
        return this.#escape();
      default:
        return { source: literal(char.charCodeAt(0)), isAssertion: false };
    }
  }

  #group(depth: number): Atom {
    for (const [pattern, written] of GROUPS) {
      const match = pattern.exec(this.#rest());
      if (match === null) continue;
      this.#at += match[0].length;
      const opening = written.replace("$1", match[1] ?? "");
      const outer = this.#inLookBehind;
      this.#inLookBehind ||= opening.startsWith("(?<");
      const inner = this.alternatives(depth + 1);
      this.#inLookBehind = outer;
      if (this.#next() !== ")") this.#fail("missing )");
      return { source: `${opening}${inner})`, isAssertion: match[1] !== undefined };
    }
    return this.#fail(`"(${this.#rest().slice(0, 2)}" is not supported`);
  }

  #escape(): Atom {
    const assertion = ASSERTIONS[this.#peek()];
    if (assertion !== undefined) {
      this.#next();
      return { source: assertion, isAssertion: true };
    }
    const set = this.#classEscape();
    return { source: set === undefined ? literal(this.#byteEscape()) : `[${set}]`, isAssertion: false };
  }

  #classEscape(): string | undefined {
    const set = CLASSES[this.#peek()];
    if (set !== undefined) this.#next();
    return set;
  }

  /** The byte for what stands behind a backslash. */
  #byteEscape(): number {
    const char = this.#next();
    if (char === "") this.#fail("backslash at the end");
    const control = CONTROLS[char];
    if (control !== undefined) return control;
    const hex = char === "x" ? /^[0-9a-fA-F]{2}/.exec(this.#rest()) : null;
    if (hex !== null) {
      this.#at += 2;
      return Number.parseInt(hex[0], 16);
    }
    if (/\d/.test(char)) this.#fail("a back-reference or octal escape is not supported");
    if (/[A-Za-z]/.test(char)) this.#fail(`bad escape \\${char}`);
    return char.charCodeAt(0);
  }

  #set(): string {
    const negation = this.#peek() === "^" ? this.#next() : "";
    let source = "";
    for (let first = true; first || this.#peek() !== "]"; first = false) source += this.#setItem();
    this.#next();
    return `[${negation}${source}]`;
  }

  #setItem(): string {
    const from = this.#setMember();
    if (this.#peek() !== "-" || this.#text[this.#at + 1] === "]") return written(from);
    this.#next();
    const to = this.#setMember();
    if (typeof from === "string" || typeof to === "string" || from > to) this.#fail("bad character range");
    return `${written(from)}-${written(to)}`;
  }

  /** A byte, or the source of a class. */
  #setMember(): number | string {
    const char = this.#next();
    if (char === "") this.#fail("unterminated character set");
    return char === "\\" ? (this.#classEscape() ?? this.#byteEscape()) : char.charCodeAt(0);
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  /** "" at the end. */
  #next(): string {
    const char = this.#peek();
    this.#at += char.length;
    return char;
  }

  #rest(): string {
    return this.#text.slice(this.#at);
  }

  /** Python wants look-behinds of fixed width; we take only those that surely are. */
  #failInLookBehind(): void {
    if (this.#inLookBehind) this.#fail("a look-behind with a quantifier or alternatives is not supported");
  }

  #fail(problem: string): never {
    throw new FileMapError(this.#regex, this.#at, problem);
  }
}

function written(member: number | string): string {
  return typeof member === "string" ? member : literal(member);
}

function literal(byte: number): string {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9_]/.test(char) ? char : `\\x${byte.toString(16).padStart(2, "0")}`;
}
