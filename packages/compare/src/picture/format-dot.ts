import { printable } from "../text-diff.ts";
import type { Picture, PictureNode, PictureRole } from "./explain-picture.ts";

/** As in `format-mermaid.ts`. */
const STYLES: Readonly<Record<PictureRole, string>> = {
  origin: 'style="filled,bold" fillcolor="#fdeecb" color="#8a5a00" penwidth=3',
  through: 'style=filled fillcolor="#ffffff" color="#333333"',
  stop: 'style="filled,dashed" fillcolor="#d6ecf8" color="#0072b2"',
  held: 'style="filled,dotted" fillcolor="#f6dfeb" color="#a2457a" penwidth=2',
  dependency: 'style=filled fillcolor="#f4f4f4" color="#777777"',
};

/** A picture in the language of Graphviz; sstate tasks have double borders. */
export function formatDot({ title, nodes, edges }: Picture): string {
  const ids = new Map(nodes.map(({ name }, i) => [name, `n${i}`]));
  return [
    "digraph {",
    `  graph [rankdir=BT label=${quoted(title)} fontname="Helvetica"]`,
    '  node [shape=box fontname="Helvetica" fontsize=11]',
    ...nodes.map((node) => `  ${ids.get(node.name)} [${formatNode(node)}]`),
    ...edges.map(
      ({ from, to, isOpen }) => `  ${ids.get(from)} -> ${ids.get(to)}${isOpen ? "" : " [style=dashed arrowhead=tee]"}`,
    ),
    "}",
  ].join("\n");
}

function formatNode({ name, isAsked, sstate, role, notes }: PictureNode): string {
  const label = quoted(...(isAsked ? [`* ${name}`] : [name]), ...notes);
  return `label=${label} ${STYLES[role]}${sstate ? " peripheries=2" : ""}`;
}

/** A string of lines; a backslash and the quotation mark are all that mean something in one. */
function quoted(...lines: readonly string[]): string {
  return `"${lines.map((it) => printable(it).replace(/[\\"]/g, "\\$&").replaceAll("&", "&amp;")).join("\\n")}"`;
}
