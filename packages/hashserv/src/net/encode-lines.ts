/** Lines, without LF, as the bytes that are sent. Long text is not joined first, which would copy it four times. */
export function encodeLines(lines: readonly string[]): Buffer {
  const sizes = lines.map((line) => Buffer.byteLength(line));
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size + 1, 0));
  let at = 0;
  for (const [i, line] of lines.entries()) {
    const size = sizes[i] ?? 0;
    // ASCII: the same bytes, in a tenth of the time.
    bytes.write(line, at, size, size === line.length ? "latin1" : "utf8");
    at += size;
    bytes[at++] = LF;
  }
  return bytes;
}

const LF = 0x0a;
