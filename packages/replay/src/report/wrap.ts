/** Columns of a terminal that the text of a report keeps to. Tables may be wider. */
const WIDTH = 118;

/** Breaks a paragraph or list item between words; what follows the first line of an item is indented as its text is. */
export function wrap(text: string): string {
  const indent = text.startsWith("- ") ? "  " : "";
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
