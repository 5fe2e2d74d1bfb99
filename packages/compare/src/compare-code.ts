import { findPythonTokens } from "./python-tokens.ts";
import { findShellTokens } from "./shell-tokens.ts";

/**
 * What differs between two texts of a shell or Python function. `comment`: comments or white space alone, as far as a lexer
 * can tell; `code`: more than that; `unsure`: it cannot be told.
 */
export type CodeDifference = "comment" | "code" | "unsure";

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
): { readonly difference: "comment" | "code"; readonly isCertain: boolean } | undefined {
  const old = findPythonTokens(before);
  const young = findPythonTokens(after);
  if (old === undefined || young === undefined) return undefined;
  return {
    difference: sameList(old.tokens, young.tokens) ? "comment" : "code",
    isCertain: old.isCertain && young.isCertain,
  };
}

function compareShell(before: string, after: string): CodeDifference {
  const old = findShellTokens(before);
  const young = findShellTokens(after);
  if (old === undefined || young === undefined) return "unsure";
  if (!sameList(old.tokens, young.tokens)) return "code";
  return sameList(old.expandedComments, young.expandedComments) ? "comment" : "unsure";
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((it, i) => it === b[i]);
}
