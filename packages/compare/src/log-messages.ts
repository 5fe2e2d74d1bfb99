const SHELL_LOG = new Set([
  "bbplain",
  "bbnote",
  "bbverbnote",
  "bbwarn",
  "bbdebug",
  "bberror",
  "bbfatal",
  "bbfatal_log",
]);
/** What may stand before a command. */
const BEFORE = new Set(["\n", ";", "&&", "||", "&", "(", "{", "then", "else", "do", ";;", "!"]);
/** What ends a command whose messages go to the log and nowhere else; a redirection or a pipe does not. */
const BEHIND = new Set(["\n", ";", "&&", "||", "&", ")", ";;"]);
/** What a shell runs, and BitBake expands by running Python, is more than text. */
const RUNS = /\$\(|`|\$\{@/;

const PYTHON_LOG =
  /^<MemberExpression <VariableName bb > <\. \. > <PropertyName (?:plain|note|verbnote|warn|debug|error|fatal) > >$/;
/** Tokens of `bb.note`. */
const CALLEE = 11;

/**
 * Tokens of shell code (`findShellTokens`) without the texts that BitBake's log functions (`bbnote`, `bbwarn` …) are called
 * with: what they are called for stays.
 */
export function withoutShellMessages(tokens: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as string;
    kept.push(token);
    if (!SHELL_LOG.has(token) || (i > 0 && !BEFORE.has(tokens[i - 1] as string))) continue;
    let end = i + 1;
    while (end < tokens.length && !isOperator(tokens[end] as string)) end += 1;
    const isText = !tokens.slice(i + 1, end).some((word) => RUNS.test(word));
    if (isText && (end === tokens.length || BEHIND.has(tokens[end] as string))) i = end - 1;
  }
  return kept;
}

/**
 * Tokens of Python code (`findPythonTokens`) without the plain strings that `bb.note`, `bb.warn` … are called with, alone or
 * before a `%`. Strings that may run code (`f"…"`), and those of calls within, stay.
 */
export function withoutPythonMessages(tokens: readonly string[]): string[] {
  const kept = [...tokens];
  for (let i = 0; i < kept.length; i++) {
    const list = i + 1 + CALLEE;
    if (kept[i] !== "<CallExpression" || kept[list] !== "<ArgList") continue;
    if (!PYTHON_LOG.test(kept.slice(i + 1, list).join(" "))) continue;
    for (const at of stringsOf(kept, list)) kept[at] = "";
  }
  return kept;
}

/** Where the texts of an argument list's own strings are; none if it compares, as a `>` of the code looks like the end of a node. */
function stringsOf(tokens: readonly string[], list: number): number[] {
  const open: string[] = [];
  const found: number[] = [];
  for (let at = list; at < tokens.length; at++) {
    const token = tokens[at] as string;
    if (token === "<CompareOp") return [];
    if (token === ">") open.pop();
    else if (/^<[^<=>]/.test(token)) open.push(token);
    if (open.length === 0) break;
    if (token !== "<String" && token !== "<FormatString") continue;
    const isOwn = open.length === 2 || (open.length === 3 && open[1] === "<BinaryExpression");
    at += 1;
    if (token === "<String" && isOwn) found.push(at);
  }
  return found;
}

function isOperator(token: string): boolean {
  return /^[\n;&|()<>]/.test(token);
}
