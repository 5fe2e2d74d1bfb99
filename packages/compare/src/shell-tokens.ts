/** The tokens of shell code without comments: equal tokens, equal code. */
export interface ShellTokens {
  readonly tokens: readonly string[];
  /** Comments that BitBake expands something in: what is expanded might span lines, and then it is no comment. */
  readonly expandedComments: readonly string[];
}

/**
 * Takes shell code (POSIX, as `/bin/sh` reads it) apart into words, operators, line ends and here-documents. Words keep their
 * quotes and expansions as they are written. What BitBake expands (`${VAR}`, `${@…}`) is taken as a part of a word that does not
 * open or close a quote.
 *
 * @returns `undefined` for text that is no shell code, or that this cannot read for sure: a comment, a `case` or a
 *   here-document inside `$(…)`, quotes inside `"${x#'…'}"`, arithmetic commands, here-documents with a computed end
 */
export function findShellTokens(text: string): ShellTokens | undefined {
  try {
    return new ShellLexer(text).read();
  } catch (error) {
    if (error instanceof UnsureError) return undefined;
    throw error;
  }
}

class UnsureError extends Error {}

/** Longest first. Blanks between the characters of one would make it another. */
const OPERATORS = ["&>>", "<<-", ";;&", "<<<", "&&", "||", ";;", ";&", ">>", ">&", "<&", "<>", ">|", "&>", "|&", "<<"];
const SINGLE = ";&|()<>";
/** BitBake replaces these before the shell sees the text, whatever the quotes around them. */
const PYTHON_EXPANSION = /\$\{@(?:\{.*?\}|.)+?\}/y;

interface HereDocument {
  readonly end: string;
  readonly dropsTabs: boolean;
  readonly isQuoted: boolean;
}

class ShellLexer {
  readonly #text: string;
  #at = 0;
  #word: string | undefined;
  readonly #tokens: string[] = [];
  readonly #comments: string[] = [];
  #hereDocuments: HereDocument[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): ShellTokens {
    while (this.#at < this.#text.length) this.#step();
    this.#endWord();
    if (this.#hereDocuments.length > 0) throw new UnsureError();
    while (this.#tokens.at(-1) === "\n") this.#tokens.pop();
    return { tokens: this.#tokens, expandedComments: this.#comments };
  }

  #step(): void {
    const c = this.#text[this.#at] as string;
    if (c === "\\" && this.#text[this.#at + 1] === "\n") this.#at += 2;
    else if (c === " " || c === "\t") {
      this.#endWord();
      this.#at += 1;
    } else if (c === "\n") this.#lineEnd();
    else if (c === "#" && this.#word === undefined) this.#comment();
    else if (SINGLE.includes(c)) this.#operator();
    else this.#word = (this.#word ?? "") + this.#piece();
  }

  /** A character of a word, or a quoted or substituted part of it, as it is written. */
  #piece(): string {
    const from = this.#at;
    this.#skipPiece();
    return this.#text.slice(from, this.#at);
  }

  #skipPiece(): void {
    if (this.#skipPythonExpansion()) return;
    const c = this.#text[this.#at];
    if (c === "\\") this.#at += 2;
    else if (c === "'") this.#skipTo("'");
    else if (c === '"') this.#skipDoubleQuotes();
    else if (c === "`") this.#skipBackticks();
    else if (this.#text.startsWith("${", this.#at)) this.#skipBraces(false);
    else if (this.#text.startsWith("$(", this.#at)) this.#skipSubstitution();
    else this.#at += 1;
    if (this.#at > this.#text.length) throw new UnsureError();
  }

  #skipPythonExpansion(): boolean {
    PYTHON_EXPANSION.lastIndex = this.#at;
    const match = PYTHON_EXPANSION.exec(this.#text);
    if (match !== null) this.#at += match[0].length;
    return match !== null;
  }

  /** From an opening character behind its next occurrence. */
  #skipTo(end: string): void {
    this.#at += 1;
    while (this.#at < this.#text.length) {
      if (this.#skipPythonExpansion()) continue;
      if (this.#text[this.#at++] === end) return;
    }
    throw new UnsureError();
  }

  #skipBackticks(): void {
    this.#at += 1;
    while (this.#at < this.#text.length) {
      if (this.#skipPythonExpansion()) continue;
      const c = this.#text[this.#at];
      this.#at += c === "\\" ? 2 : 1;
      if (c === "`") return;
    }
    throw new UnsureError();
  }

  #skipDoubleQuotes(): void {
    this.#at += 1;
    while (this.#at < this.#text.length) {
      const c = this.#text[this.#at];
      if (c === '"') {
        this.#at += 1;
        return;
      }
      if (this.#skipPythonExpansion()) continue;
      if (c === "\\") this.#at += 2;
      else if (c === "`") this.#skipBackticks();
      else if (this.#text.startsWith("${", this.#at)) this.#skipBraces(true);
      else if (this.#text.startsWith("$(", this.#at)) this.#skipSubstitution();
      else this.#at += 1;
    }
    throw new UnsureError();
  }

  /** `${…}`: of the shell or of BitBake. */
  #skipBraces(isQuoted: boolean): void {
    this.#at += 2;
    while (this.#at < this.#text.length) {
      const c = this.#text[this.#at];
      if (c === "}") {
        this.#at += 1;
        return;
      }
      if (isQuoted && (c === "'" || c === '"')) throw new UnsureError(); // shells do not agree
      if (this.#text.startsWith("${", this.#at) && !this.#skipPythonExpansion()) this.#skipBraces(isQuoted);
      else this.#skipPiece();
    }
    throw new UnsureError();
  }

  /** `$(…)` and `$((…))`: comments in it, `case` patterns and here-documents would need all of the grammar. */
  #skipSubstitution(): void {
    this.#at += 2;
    let atStart = true;
    for (let depth = 1; depth > 0; ) {
      const c = this.#text[this.#at];
      if (c === undefined) throw new UnsureError();
      if (atStart && (c === "#" || /^(?:case|esac)\b/.test(this.#text.slice(this.#at, this.#at + 5))))
        throw new UnsureError();
      if (this.#text.startsWith("<<", this.#at)) throw new UnsureError();
      atStart = " \t\n".includes(c) || SINGLE.includes(c);
      if (c === "(") depth += 1;
      if (c === ")") depth -= 1;
      if (c === "(" || c === ")") this.#at += 1;
      else this.#skipPiece();
    }
  }

  #comment(): void {
    const from = this.#at;
    while (this.#at < this.#text.length && this.#text[this.#at] !== "\n") this.#at += 1;
    const comment = this.#text.slice(from, this.#at);
    if (comment.includes("${")) this.#comments.push(comment);
  }

  #operator(): void {
    const operator = OPERATORS.find((it) => this.#text.startsWith(it, this.#at)) ?? (this.#text[this.#at] as string);
    if (operator === "<<<" || this.#text.startsWith("((", this.#at)) throw new UnsureError();
    const isRedirection = operator.startsWith("<") || operator.startsWith(">");
    if (isRedirection && this.#word !== undefined && /^\d+$/.test(this.#word)) this.#word += "\0"; // `2>x` is not `2 >x`
    this.#endWord();
    this.#at += operator.length;
    this.#tokens.push(operator);
    if (operator === "<<" || operator === "<<-") this.#hereDocument(operator === "<<-");
  }

  #hereDocument(dropsTabs: boolean): void {
    while (" \t".includes(this.#text[this.#at] ?? "\n")) this.#at += 1;
    let word = "";
    while (this.#at < this.#text.length && !` \t\n${SINGLE}`.includes(this.#text[this.#at] as string))
      word += this.#piece();
    if (word === "" || /[$`]/.test(word) || word.includes("\n")) throw new UnsureError();
    this.#tokens.push(word);
    const isQuoted = /["'\\]/.test(word);
    this.#hereDocuments.push({ end: word.replace(/["'\\]/g, ""), dropsTabs, isQuoted });
  }

  #lineEnd(): void {
    this.#endWord();
    this.#at += 1;
    const pending = this.#hereDocuments;
    this.#hereDocuments = [];
    for (const document of pending) this.#tokens.push(`<<${this.#readHereDocument(document)}`);
    if (this.#tokens.length > 0 && this.#tokens.at(-1) !== "\n") this.#tokens.push("\n");
  }

  /** Its lines as they are: white space and `#` are content. */
  #readHereDocument({ end, dropsTabs, isQuoted }: HereDocument): string {
    const from = this.#at;
    while (this.#at < this.#text.length) {
      const to = this.#text.indexOf("\n", this.#at);
      const line = this.#text.slice(this.#at, to < 0 ? undefined : to);
      const start = this.#at;
      this.#at = to < 0 ? this.#text.length : to + 1;
      if ((dropsTabs ? line.replace(/^\t+/, "") : line) !== end) continue;
      if (!isQuoted && this.#text.slice(from, start).endsWith("\\\n")) throw new UnsureError(); // the end may be joined to it
      return this.#text.slice(from, start);
    }
    throw new UnsureError();
  }

  #endWord(): void {
    if (this.#word !== undefined) this.#tokens.push(this.#word);
    this.#word = undefined;
  }
}
