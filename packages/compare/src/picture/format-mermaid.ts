import { printable } from "../text-diff.ts";
import type { Picture, PictureNode, PictureRole } from "./explain-picture.ts";

/**
 * How roles look. Never by colour alone: the border tells as well, and the text of the node. Fills are light tints of Okabe and Ito's palette, which colour-blind readers tell
 * apart.
 */
const CLASSES: Readonly<Record<PictureRole, string>> = {
  origin: "fill:#fdeecb,stroke:#8a5a00,stroke-width:4px,color:#000",
  through: "fill:#ffffff,stroke:#333333,stroke-width:1px,color:#000",
  stop: "fill:#d6ecf8,stroke:#0072b2,stroke-width:2px,stroke-dasharray:6 3,color:#000",
  held: "fill:#f6dfeb,stroke:#a2457a,stroke-width:2px,stroke-dasharray:2 2,color:#000",
  dependency: "fill:#f4f4f4,stroke:#777777,stroke-width:1px,color:#000",
};

/** A picture as a flowchart of Mermaid, which GitHub, GitLab and many wikis draw; sstate tasks have double sides. */
export function formatMermaid({ title, nodes, edges }: Picture): string {
  const ids = new Map(nodes.map(({ name }, i) => [name, `n${i}`]));
  const used = [...new Set(nodes.map(({ role }) => role))];
  return [
    "---",
    `title: ${JSON.stringify(printable(title))}`,
    "---",
    "flowchart BT",
    ...nodes.map((node) => `  ${ids.get(node.name)}${formatNode(node)}:::${node.role}`),
    ...edges.map(({ from, to, isOpen }) => `  ${ids.get(from)} ${isOpen ? "-->" : "-.-"} ${ids.get(to)}`),
    ...used.map((role) => `  classDef ${role} ${CLASSES[role]}`),
  ].join("\n");
}

function formatNode({ name, isAsked, sstate, notes }: PictureNode): string {
  const [first, ...rest] = [name, ...notes].map(escapeText);
  const text = [isAsked ? `<b>${first}</b>` : first, ...rest].join("<br>");
  return sstate ? `[["${text}"]]` : `["${text}"]`;
}

/** Anything that means something to Mermaid, or to the page around it, by its number. */
function escapeText(text: string): string {
  return printable(text).replace(/[^\p{L}\p{N} :_.,/()-]/gu, (c) => `#${c.codePointAt(0)};`);
}
