import { parser } from "@lezer/python";

/** Python code without comments and white space between tokens: equal tokens, equal code. */
export interface PythonTokens {
  readonly tokens: readonly string[];
  /** Whether it has what no shell code has, such as a call. */
  readonly isCertain: boolean;
}

/** Nodes of the syntax tree that shell code cannot have without being an error in Python. */
const CERTAIN = new Set(["CallExpression", "ImportStatement", "IfStatement", "ForStatement", "FunctionDefinition"]);
/** Nodes whose text counts as it is written. */
const VERBATIM = new Set(["String", "FormatString"]);

/**
 * Takes Python code apart: a whole `def`, or the body of a `python do_x() {…}`.
 *
 * @returns `undefined` for text that is not Python
 */
export function findPythonTokens(text: string): PythonTokens | undefined {
  const isBody = /^(?:[ \t]*(?:#.*)?\n)*[ \t]+[^ \t#\n]/.test(text);
  const code = isBody ? `def _(d):\n${text}\n` : `${text}\n`;
  const tokens: string[] = [];
  let isCertain = false;
  let isBroken = false;
  let end = 0;
  let verbatimDepth = 0;
  const between = (to: number) => {
    if (verbatimDepth > 0 || to <= end) return;
    const gap = code.slice(end, to).replace(/\\\n|\s+/g, "");
    if (gap !== "") tokens.push(gap);
    end = to;
  };
  parser.parse(code).iterate({
    enter(node) {
      if (node.type.isError) isBroken = true;
      if (verbatimDepth > 0) {
        verbatimDepth += 1;
        return;
      }
      between(node.from);
      if (CERTAIN.has(node.name) && !(isBody && node.from === 0)) isCertain = true;
      if (node.name === "Comment") {
        verbatimDepth = 1;
        end = node.to;
        return;
      }
      tokens.push(`<${node.name}`);
      if (!VERBATIM.has(node.name)) return;
      tokens.push(code.slice(node.from, node.to));
      verbatimDepth = 1;
      end = node.to;
    },
    leave(node) {
      if (verbatimDepth > 0) {
        verbatimDepth -= 1;
        if (verbatimDepth === 0 && node.name !== "Comment") tokens.push(">");
        return;
      }
      between(node.to);
      tokens.push(">");
    },
  });
  return isBroken ? undefined : { tokens, isCertain };
}
