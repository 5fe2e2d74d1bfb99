import { withoutPythonMessages, withoutShellMessages } from "./log-messages.ts";
import { findPythonTokens } from "./python-tokens.ts";
import { findShellTokens } from "./shell-tokens.ts";

/**
 * What differs between two texts of a shell or Python function. `comment`: comments or white space alone, as far as a lexer
 * can tell; `messages`: also texts that are only logged; `code`: more than that; `unsure`: it cannot be told.
 */
export type CodeDifference = "comment" | "messages" | "code" | "unsure";

/**
 * Compares two texts of a function. Captures do not say which language a function is in: it is Python if both texts are and
 * have what no shell code has, shell if it is not Python; if it may be both, both must agree.
 */
export function compareCode(before: string, after: string): CodeDifference {
  const [old, oldQueries] = withoutQueries(before);
  const [young, youngQueries] = withoutQueries(after);
  if (oldQueries !== youngQueries) return "code";
  const python = comparePython(old, young);
  if (python?.isCertain === true) return python.difference;
  const shell = compareShell(old, young);
  if (python === undefined) return shell;
  return python.difference === shell ? shell : "unsure";
}

/**
 * Takes the lines off that BitBake appends to a value for each word that was queried (`NAME{word} = Set`) and each `:remove`
 * (signatures.md section 1).
 */
function withoutQueries(text: string): [code: string, queries: string] {
  const match = /(?:\n[^\s{}]+\{[^\n]*\} = (?:Set|Unset)|\n_remove of [^\n]*)+\s*$/.exec(text);
  return match === null ? [text, ""] : [text.slice(0, match.index), match[0]];
}

function comparePython(
  before: string,
  after: string,
): { readonly difference: "comment" | "messages" | "code"; readonly isCertain: boolean } | undefined {
  const old = findPythonTokens(before);
  const young = findPythonTokens(after);
  if (old === undefined || young === undefined) return undefined;
  const isCertain = old.isCertain && young.isCertain;
  if (sameList(old.tokens, young.tokens)) return { difference: "comment", isCertain };
  const isLogged = sameList(withoutPythonMessages(old.tokens), withoutPythonMessages(young.tokens));
  return { difference: isLogged ? "messages" : "code", isCertain };
}

function compareShell(before: string, after: string): CodeDifference {
  const old = findShellTokens(before);
  const young = findShellTokens(after);
  if (old === undefined || young === undefined) return "unsure";
  const isSame = sameList(old.tokens, young.tokens);
  if (!isSame && !sameList(withoutShellMessages(old.tokens), withoutShellMessages(young.tokens))) return "code";
  if (!sameList(old.expandedComments, young.expandedComments)) return "unsure";
  return isSame ? "comment" : "messages";
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((it, i) => it === b[i]);
}
