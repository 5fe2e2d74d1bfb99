import { markdownTable } from "markdown-table";

/** A table in Markdown. Columns of numbers are aligned right; lists of numbers, times and `none` count as such. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumeric = (column: number) =>
    rows.every((row) => /^-?(?:none|[<\d ,./%?]*(?: (?:s|min|h))?)$/.test(row[column] ?? ""));
  const align = head.map((_, i) => (isNumeric(i) ? "r" : ""));
  return markdownTable(
    [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|"))),
    { align },
  );
}
