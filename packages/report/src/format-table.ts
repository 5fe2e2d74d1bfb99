import { markdownTable } from "markdown-table";

/** A table in Markdown. Columns of numbers are aligned right; lists of numbers and times count as such. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumeric = (column: number) => rows.every((row) => /^[<\d ,./%?]*(?: (?:s|min|h))?$/.test(row[column] ?? ""));
  const align = head.map((_, i) => (isNumeric(i) ? "r" : ""));
  return markdownTable(
    [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|"))),
    { align },
  );
}
