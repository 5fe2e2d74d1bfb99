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
  | { readonly kind: "fragments"; readonly words: readonly string[]; readonly from: string };

const ASSIGNMENT =
  /^(?:export\s+)?([A-Za-z0-9\-_+.${}/~:]+?)(\[[\w\-+.@/]+\])?\s*(\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*(?!'[^']*'[^']*'$)(?!"[^"]*"[^"]*"$)(["'])(.*)\4$/;
const INCLUDE = /^(include_all|include|require|inherit)\s+(.+)$/;
const UNSET = /^unset\s+([A-Za-z0-9\-_+.${}/~]+)$/;
const FRAGMENTS = /^addfragments\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)/;
/** Where a function begins, in a class. */
const FUNCTION = /^(?:python\s+|fakeroot\s+)*[\w.\-+{}:$]*\s*\(\s*\)\s*\{\s*$/;

/**
 * Takes a configuration file or a class apart, as BitBake does: blanks at the end of a line do not count, a line that ends in a
 * backslash goes on in the next, also a comment. Functions of classes, flags and all else that sets no variable are passed over.
 *
 * @param file what to call it
 */
export function parseConf(text: string, file: string): readonly ConfStatement[] {
  const statements: ConfStatement[] = [];
  const isClass = file.endsWith(".bbclass");
  const lines = text.split("\n").map((line) => line.trimEnd());
  for (let at = 0; at < lines.length; at += 1) {
    let line = lines[at] ?? "";
    const first = line;
    while (line.endsWith("\\")) {
      at += 1;
      line = line.slice(0, -1) + (lines[at] ?? "");
      if (at >= lines.length) break;
    }
    if (isClass && FUNCTION.test(first)) {
      while (at < lines.length && lines[at] !== "}") at += 1;
    } else if (isClass && /^def\s/.test(first)) {
      while (at + 1 < lines.length && /^(?:\s|$)/.test(lines[at + 1] ?? "")) at += 1;
    } else if (!line.startsWith("#")) {
      const statement = statementOf(line, `${file}:${at + 1}`);
      if (statement !== undefined) statements.push(statement);
    }
  }
  return statements;
}

function statementOf(line: string, from: string): ConfStatement | undefined {
  const [, key, flag, operator, , value] = ASSIGNMENT.exec(line) ?? [];
  if (key !== undefined && value !== undefined) {
    return flag === undefined ? { kind: "assign", key, operator: operator as ConfOperator, value, from } : undefined;
  }
  const [, verb, files] = INCLUDE.exec(line) ?? [];
  if (verb !== undefined && files !== undefined) {
    return { kind: verb as "include" | "require" | "include_all" | "inherit", files, from };
  }
  const unset = UNSET.exec(line)?.[1];
  if (unset !== undefined) return { kind: "unset", key: unset, from };
  const fragments = FRAGMENTS.exec(line);
  return fragments === null ? undefined : { kind: "fragments", words: fragments.slice(1), from };
}
