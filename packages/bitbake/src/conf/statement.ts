/** How an assignment changes a variable. */
export type ConfOperator = "=" | ":=" | "?=" | "??=" | "+=" | "=+" | ".=" | "=.";

/** A line of a configuration file, or several that backslashes join. `from` is file and line, as `conf/local.conf:12`. */
export type ConfStatement =
  | {
      readonly kind: "assign";
      /** As written, with overrides and operations: `SSTATE_MIRRORS:append:qemux86`. */
      readonly key: string;
      readonly operator: ConfOperator;
      readonly value: string;
      readonly from: string;
    }
  | {
      readonly kind: "include" | "require" | "include_all" | "inherit";
      /** As written: zero or more names, with references. */
      readonly files: string;
      readonly from: string;
    }
  | { readonly kind: "unset"; readonly key: string; readonly from: string }
  | { readonly kind: "fragments"; readonly words: readonly string[]; readonly from: string }
  /** A line that BitBake ends with an error for. */
  | { readonly kind: "unparsed"; readonly text: string; readonly problem: string; readonly from: string };

const ASSIGNMENT =
  /^(?:export\s+)?([A-Za-z0-9\-_+.${}/~:]*?)(\[[\w\-+.][\w\-+.@/]*\])?\s*(\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*(?!'[^']*'[^']*'$)(?!"[^"]*"[^"]*"$)(["'])(.*)\4$/;
const INCLUDE = /^(include_all|include|require)\s+(.+)/;
const INHERIT = /^inherit\s+(.+)/;
const UNSET = /^unset\s+([A-Za-z0-9\-_+.${}/~]+)$/;
const FRAGMENTS = /^addfragments\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)/;
/** What sets no variable: flags and exports. */
const SILENT = /^(?:export\s+[A-Za-z0-9\-_+.${}/~]+|unset\s+[A-Za-z0-9\-_+.${}/~]+\[[\w\-+.][\w\-+.@]+\])$/;
/** What only `layer.conf` and `bblayers.conf` may have, besides. */
const SILENT_IN_LAYERS = /^addpylib\s+.+\s+./;
const OF_LAYERS = /(?:^|\/)(?:bb)?layers?\.conf$/;
/** What only recipes, classes and files named `.inc` may have. */
const SILENT_IN_CLASSES = /^(?:EXPORT_FUNCTIONS|addtask|deltask|addhandler|inherit_defer)\s+./;
/** Where a function begins, in a class. */
const FUNCTION = /^(?:python\s+|fakeroot\s+)*[\w.\-+{}:$]*\s*\(\s*\)\s*\{$/;
/** Files that BitBake reads as it does recipes. */
const LIKE_RECIPES = /\.(?:bbclass|bb|inc)$/;

/** Whether BitBake knows what to do with a file, by its name: it refuses to read any other. */
export function isConfName(file: string): boolean {
  return LIKE_RECIPES.test(file) || file.endsWith(".conf");
}

/**
 * Takes a configuration file or a class apart, as BitBake does: blanks at the end of a line do not count, a line that ends in a
 * backslash goes on in the next. Functions of classes, flags and all else that sets no variable are passed over; lines that BitBake
 * cannot parse are not. The line told is the last of those that backslashes join, as BitBake tells it.
 *
 * @param file what to call it
 */
export function parseConf(text: string, file: string): readonly ConfStatement[] {
  const statements: ConfStatement[] = [];
  const isLikeRecipe = LIKE_RECIPES.test(file);
  const lines = text.split("\n").map((line) => line.trimEnd());
  for (let at = 0; at < lines.length; at += 1) {
    let line = lines[at] ?? "";
    if (line === "") continue;
    const begun = at;
    let isTorn = false;
    while (line.endsWith("\\")) {
      at += 1;
      const next = lines[at] ?? "";
      isTorn ||= line.startsWith("#") && !next.startsWith("#");
      line = line.slice(0, -1) + next;
      if (at >= lines.length) break;
    }
    if (isTorn) {
      const problem = "a comment that a backslash joins with what is none";
      statements.push({ kind: "unparsed", text: lines[begun] ?? "", problem, from: `${file}:${begun + 1}` });
    } else if (isLikeRecipe && FUNCTION.test(line)) {
      const [name, opened] = [line, at];
      while (at < lines.length && lines[at] !== "}") at += 1;
      if (at >= lines.length) {
        const problem = "a function that is never closed";
        statements.push({ kind: "unparsed", text: name, problem, from: `${file}:${opened + 1}` });
      }
    } else if (isLikeRecipe && /^def\s+\w+.*:/.test(line)) {
      while (at + 1 < lines.length && /^(?:\s|#|$)/.test(lines[at + 1] ?? "")) at += 1;
    } else if (!line.startsWith("#")) {
      const statement = statementOf(line, `${file}:${at + 1}`, isLikeRecipe);
      if (statement !== undefined) statements.push(statement);
    }
  }
  return statements;
}

function statementOf(line: string, from: string, isLikeRecipe: boolean): ConfStatement | undefined {
  const unparsed = (problem: string): ConfStatement => ({ kind: "unparsed", text: line, problem, from });
  const [, key, flag, operator, , value] = ASSIGNMENT.exec(line) ?? [];
  if (key !== undefined && value !== undefined) {
    if (key === "") return unparsed("an assignment without a name");
    return flag === undefined ? { kind: "assign", key, operator: operator as ConfOperator, value, from } : undefined;
  }
  const [, verb, files] = INCLUDE.exec(line) ?? [];
  if (verb !== undefined && files !== undefined) {
    return { kind: verb as "include" | "require" | "include_all", files, from };
  }
  const unset = UNSET.exec(line)?.[1];
  if (unset !== undefined) return { kind: "unset", key: unset, from };
  const fragments = FRAGMENTS.exec(line);
  if (fragments !== null) return { kind: "fragments", words: fragments.slice(1), from };
  if (SILENT.test(line) || (SILENT_IN_LAYERS.test(line) && OF_LAYERS.test(from.replace(/:\d+$/, "")))) return undefined;
  if (isLikeRecipe) {
    const inherited = INHERIT.exec(line)?.[1];
    if (inherited !== undefined) return { kind: "inherit", files: inherited, from };
    if (SILENT_IN_CLASSES.test(line)) return undefined;
  }
  return unparsed(problemOf(line));
}

/** Why a line is no statement: what is most often wrong with it. */
function problemOf(line: string): string {
  if (/^\s/.test(line)) return "expected a statement at the beginning of the line, found blanks";
  if (/^inherit\s/.test(line)) return "inherit is for recipes and classes; a configuration has INHERIT";
  const value = /^[^=]*=\s*(.*)$/.exec(line)?.[1];
  if (value === undefined) return 'expected NAME = "VALUE", include, require, export or unset';
  const quote = value[0] ?? "";
  if (quote !== '"' && quote !== "'") return "expected a value in quotes";
  if (!value.endsWith(quote) || value.length === 1) return `expected ${quote} at the end of the value`;
  if (value.slice(1, -1).includes(quote)) return `a value in ${quote} with ${quote} in it`;
  return 'expected NAME = "VALUE"';
}
