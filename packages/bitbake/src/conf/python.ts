/** Value of an expression: `null` is Python's None. */
type Value = string | boolean | null;

/** What an expression may ask; each gives `undefined` when it cannot tell. */
export interface PythonScope {
  /** Value of a variable, expanded; `null` if it is not set. */
  getVar(name: string): string | null | undefined;
}

/** Thrown where an expression does or asks for something that is not known here. */
class Unknown extends Error {}

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_][\w.]*)|(\.[A-Za-z_]\w*)|(==|!=|[()[\]+,])|(\d+)|(\S))/y;

/**
 * Evaluates the few forms of Python that settings are written in: texts, `d.getVar`, `bb.utils.contains`, `oe.utils.conditional`,
 * `os.path` of texts, `[A, B][C]`, `replace`, `lower`, `upper`, `strip`, `+`, comparisons, `and`, `or`, `not`, `A if C else B`. Nothing is run.
 *
 * @returns the text that stands in its place; `undefined` if the expression is of another form, or asks what is not known
 */
export function evaluatePython(code: string, scope: PythonScope): string | undefined {
  try {
    const parser = new Parser(tokensOf(code), scope);
    const value = parser.expression();
    parser.end();
    return textOf(value);
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

function tokensOf(code: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const text = code.trim();
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null || match[6] !== undefined) throw new Unknown();
    tokens.push(match[0].trim());
  }
  return tokens;
}

function textOf(value: Value): string {
  return value === null ? "None" : value === true ? "True" : value === false ? "False" : value;
}

/** An operand whose value is not asked for may be unknown: `A if C else B` needs one of A and B. */
type Lazy = () => Value;

class Parser {
  readonly #tokens: readonly string[];
  readonly #scope: PythonScope;
  #at = 0;

  constructor(tokens: readonly string[], scope: PythonScope) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  expression(): Value {
    return this.#conditional()();
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw new Unknown();
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new Unknown();
  }

  #conditional(): Lazy {
    const value = this.#or();
    if (!this.#take("if")) return value;
    const condition = this.#or();
    this.#expect("else");
    const other = this.#conditional();
    return () => (condition() ? value() : other());
  }

  #or(): Lazy {
    const first = this.#and();
    if (!this.#take("or")) return first;
    const rest = this.#or();
    return () => first() || rest();
  }

  #and(): Lazy {
    const first = this.#not();
    if (!this.#take("and")) return first;
    const rest = this.#and();
    return () => first() && rest();
  }

  #not(): Lazy {
    if (!this.#take("not")) return this.#comparison();
    const value = this.#not();
    return () => !value();
  }

  #comparison(): Lazy {
    const left = this.#sum();
    for (const [sign, isEqual] of [
      ["==", true],
      ["!=", false],
    ] as const) {
      if (!this.#take(sign)) continue;
      const right = this.#sum();
      return () => (left() === right()) === isEqual;
    }
    return left;
  }

  #sum(): Lazy {
    let sum = this.#primary();
    while (this.#take("+")) {
      const [left, right] = [sum, this.#primary()];
      sum = () => asText(left()) + asText(right());
    }
    return sum;
  }

  #primary(): Lazy {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token === undefined) throw new Unknown();
    let value: Lazy;
    if (token === "(") {
      value = this.#conditional();
      this.#expect(")");
    } else if (token === "[") {
      const choices = this.#arguments("]");
      this.#expect("[");
      const index = this.#conditional();
      this.#expect("]");
      value = () => (choices[index() ? 1 : 0] ?? fail)();
    } else if (/^["']/.test(token)) {
      if (token.includes("\\")) throw new Unknown();
      const text = token.slice(1, -1);
      value = () => text;
    } else if (/^[A-Za-z_]/.test(token)) value = this.#named(token);
    else throw new Unknown();
    while (this.#tokens[this.#at]?.startsWith(".") === true) value = this.#method(value);
    return value;
  }

  #named(name: string): Lazy {
    if (name === "None" || name === "True" || name === "False") {
      const value = name === "None" ? null : name === "True";
      return () => value;
    }
    if (!this.#take("(")) throw new Unknown();
    const args = this.#arguments();
    const text = (at: number) => asText((args[at] ?? fail)());
    switch (name) {
      case "d.getVar":
        return () => this.#getVar(text(0));
      case "bb.utils.contains":
        return () => {
          const has = new Set(wordsOf(this.#getVar(text(0))));
          const isThere = has.size > 0 && wordsOf(text(1)).every((word) => has.has(word));
          return ((isThere ? args[2] : args[3]) ?? fail)();
        };
      case "oe.utils.conditional":
      case "base_conditional":
        return () => ((this.#getVar(text(0)) === text(1) ? args[2] : args[3]) ?? fail)();
      case "os.path.dirname":
        return () => text(0).replace(/\/+[^/]*$/, "");
      case "os.path.abspath":
      case "os.path.normpath":
      case "os.path.realpath":
        return () => normalizePath(text(0));
      case "os.path.join":
        return () => joinPath(...args.map((arg) => asText(arg())));
      default:
        throw new Unknown();
    }
  }

  #getVar(name: string): string | null {
    const value = this.#scope.getVar(name);
    if (value === undefined) throw new Unknown();
    return value;
  }

  #method(of: Lazy): Lazy {
    const name = this.#tokens[this.#at]?.slice(1);
    this.#at += 1;
    this.#expect("(");
    const args = this.#arguments();
    const text = (at: number) => asText((args[at] ?? fail)());
    switch (name) {
      case "replace":
        return () => asText(of()).replaceAll(text(0), () => text(1));
      case "lower":
        return () => asText(of()).toLowerCase();
      case "upper":
        return () => asText(of()).toUpperCase();
      case "strip":
        return args.length === 0 ? () => asText(of()).trim() : fail;
      case "startswith":
        return () => asText(of()).startsWith(text(0));
      case "endswith":
        return () => asText(of()).endsWith(text(0));
      default:
        throw new Unknown();
    }
  }

  /** The last one of many functions is the datastore `d`, and a number may say "expand". */
  #arguments(end = ")"): readonly Lazy[] {
    const args: Lazy[] = [];
    while (!this.#take(end)) {
      if (this.#tokens[this.#at] === "d" || /^\d+$/.test(this.#tokens[this.#at] ?? "")) {
        this.#at += 1;
        args.push(fail);
      } else args.push(this.#conditional());
      if (!this.#take(",")) {
        this.#expect(end);
        break;
      }
    }
    return args;
  }
}

function fail(): never {
  throw new Unknown();
}

function asText(value: Value): string {
  if (typeof value !== "string") throw new Unknown();
  return value;
}

function wordsOf(text: string | null): readonly string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}

/** Parts joined by "/"; an absolute one forgets those before it. */
export function joinPath(...parts: readonly string[]): string {
  return parts.reduce((path, part) =>
    part.startsWith("/") || path === "" ? part : `${path}${path.endsWith("/") ? "" : "/"}${part}`,
  );
}

/** A path without ".", ".." and doubled slashes; symbolic links are not looked at. */
export function normalizePath(path: string): string {
  const folders: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && folders.length > 0 && folders.at(-1) !== "..") folders.pop();
    else if (part !== ".." || !path.startsWith("/")) folders.push(part);
  }
  return (path.startsWith("/") ? "/" : "") + folders.join("/");
}
