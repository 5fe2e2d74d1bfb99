import { markdownTable } from "markdown-table";

/** A Markdown table that reads as well on a terminal. Columns of numbers are aligned right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const numeric = (column: number) => rows.every((row) => /^(?:<?[\d,.]*|\?)$/.test(row[column] ?? ""));
  const align = head.map((_, i) => (numeric(i) ? "r" : ""));
  return markdownTable(
    [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|"))),
    { align },
  );
}
