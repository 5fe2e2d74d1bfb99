import { parseSync, Visitor } from "oxc-parser";

/** What a source file says of the world outside. */
export interface Source {
  readonly imports: readonly Import[];
  /** Globals of Node it uses, and imports whose module is computed. */
  readonly nodeOnly: readonly Located[];
  /** Classes for others that are an `Error` and nothing more. */
  readonly plainErrors: readonly Located[];
}

export interface Import extends Located {
  /** Whether the module is loaded when the program asks for it, not for this one to run or to be understood. */
  readonly later: boolean;
  /** Whether nothing of it is there when the program runs. */
  readonly types: boolean;
}

export interface Located {
  /** A module specifier or the name of a global. */
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
}

const NODE_GLOBALS: ReadonlySet<string> = new Set([
  "process",
  "Buffer",
  "global",
  "require",
  "module",
  "exports",
  "__dirname",
  "__filename",
  "setImmediate",
  "clearImmediate",
  "NodeJS",
]);
/** Members of `import.meta` that Node alone has. */
const NODE_META: ReadonlySet<string> = new Set(["dirname", "filename"]);

interface Node {
  readonly type: string;
  readonly start: number;
}
interface Literal extends Node {
  readonly value: unknown;
}

/**
 * Reads the imports of a source (also re-exports, dynamic ones and those of types) and the globals of Node it uses. A name
 * of such a global counts wherever it is not the name of a member, even if it is declared.
 *
 * @throws when the text is not TypeScript
 */
export function parseSource(file: string, text: string): Source {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const imports: Import[] = [];
  const globals: Located[] = [];
  const plainErrors: Located[] = [];
  const members = new Set<Node>();
  const lineOf = ({ start }: Node) => text.slice(0, start).split("\n").length;
  const add = (source: Node, { later = false, types = false } = {}) => {
    if (source.type === "Literal") {
      imports.push({ name: String((source as Literal).value), line: lineOf(source), later, types });
    } else globals.push({ name: "a computed import", line: lineOf(source) });
  };
  const member = (node: { readonly computed: boolean }, name: Node) => {
    if (!node.computed) members.add(name);
  };
  new Visitor({
    ImportDeclaration: (node) => {
      add(node.source, { types: node.importKind === "type" });
    },
    ExportAllDeclaration: (node) => {
      add(node.source, { types: node.exportKind === "type" });
    },
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source, { types: node.exportKind === "type" });
      const { declaration } = node;
      if (declaration?.type !== "ClassDeclaration" || declaration.superClass?.type !== "Identifier") return;
      if (declaration.superClass.name === "Error")
        plainErrors.push({ name: declaration.id?.name ?? "", line: lineOf(node) });
    },
    ImportExpression: (node) => {
      add(node.source, { later: true });
    },
    TSImportType: (node) => {
      add(node.source, { types: true });
    },
    TSExternalModuleReference: (node) => {
      add(node.expression);
    },
    MemberExpression: (node) => {
      member(node, node.property);
      if (node.object.type !== "MetaProperty" || node.property.type !== "Identifier") return;
      const { name } = node.property;
      if (NODE_META.has(name)) globals.push({ name: `import.meta.${name}`, line: lineOf(node) });
    },
    Property: (node) => member(node, node.key),
    MethodDefinition: (node) => member(node, node.key),
    PropertyDefinition: (node) => member(node, node.key),
    TSPropertySignature: (node) => member(node, node.key),
    TSMethodSignature: (node) => member(node, node.key),
    Identifier: (node) => {
      if (NODE_GLOBALS.has(node.name) && !members.has(node)) globals.push({ name: node.name, line: lineOf(node) });
    },
  }).visit(program);
  return { imports, nodeOnly: globals, plainErrors };
}
