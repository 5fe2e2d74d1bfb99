import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { outsideReason } from "@depid/hash";
import { BitbakeFileError } from "../file-error.ts";

/** Bytes of one line, at most: files of BitBake stay far below, and a file that is no text does not fill the memory. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

export interface TextOptions {
  /**
   * What becomes of bytes that are no UTF-8, and of NULs: `refused`, as the file is no text of BitBake's; `replaced` in logs, where tools
   * write what they like.
   */
  readonly otherBytes: "refused" | "replaced";
  /** What becomes of a line of more than `MAX_LINE_BYTES`: `refused` by default, or `cut` to so many. */
  readonly longLines?: "refused" | "cut";
}

const LF = 10;
const CR = 13;

/**
 * Hands over the lines of a text file, gzip or plain, without their ends. UTF-16 is read as what it is.
 *
 * @throws {BitbakeFileError} naming file and line when it cannot be read or is no text; what `take` throws
 */
export async function readTextLines(
  file: string,
  take: (line: string) => void,
  { otherBytes, longLines = "refused" }: TextOptions = { otherBytes: "refused" },
): Promise<void> {
  const decoder = new TextDecoder("utf-8", { fatal: otherBytes === "refused", ignoreBOM: true });
  let held: Buffer[] = [];
  let heldBytes = 0;
  let line = 0;
  const hold = (found: Buffer): void => {
    const bytes = longLines === "cut" ? found.subarray(0, MAX_LINE_BYTES - heldBytes) : found;
    heldBytes += bytes.length;
    if (heldBytes > MAX_LINE_BYTES)
      throw new BitbakeFileError(
        file,
        line + 1,
        `more than ${MAX_LINE_BYTES} bytes without a line end; is it a text file?`,
      );
    held.push(bytes);
  };
  const takeLine = (): void => {
    line += 1;
    const bytes = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held);
    held = [];
    heldBytes = 0;
    take(textOf(bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes));
  };
  const textOf = (bytes: Buffer): string => {
    if (otherBytes === "refused" && bytes.includes(0))
      throw new BitbakeFileError(file, line, "expected text, found a NUL byte");
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      throw new BitbakeFileError(file, line, "expected UTF-8 text, found other bytes", { cause });
    }
  };
  for await (const chunk of readChunks(file)) {
    let from = 0;
    for (let to = chunk.indexOf(LF); to !== -1; to = chunk.indexOf(LF, from)) {
      hold(chunk.subarray(from, to));
      takeLine();
      from = to + 1;
    }
    if (from < chunk.length) hold(chunk.subarray(from));
  }
  if (heldBytes > 0) takeLine();
}

/** The lines of a small text file. @throws {BitbakeFileError} */
export async function readTextFile(file: string): Promise<readonly string[]> {
  const lines: string[] = [];
  await readTextLines(file, (line) => lines.push(line));
  return lines;
}

/** The lines of a text that is in memory. @throws {BitbakeFileError} if it is no UTF-8 */
export function linesOfBytes(content: Buffer, source: string): readonly string[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (cause) {
    throw new BitbakeFileError(source, 0, "expected UTF-8 text, found other bytes", { cause });
  }
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

async function* readChunks(file: string): AsyncGenerator<Buffer> {
  try {
    const gzip = await isGzip(file);
    const bytes = createReadStream(file);
    const input = gzip ? bytes.pipe(createGunzip()) : bytes;
    if (gzip) bytes.on("error", (error) => input.destroy(error));
    yield* asUtf8(input as AsyncIterable<Buffer>);
  } catch (cause) {
    throw new BitbakeFileError(file, 0, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** The bytes as UTF-8, where the first tell that they are UTF-16, as shells of Windows redirect it: by its mark, or by a NUL beside an ASCII character. */
async function* asUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let isFirst = true;
  for await (const chunk of chunks) {
    const encoding = isFirst ? utf16Of(chunk) : undefined;
    if (encoding !== undefined) decoder = new TextDecoder(encoding);
    isFirst = false;
    yield decoder === undefined ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
  }
  if (decoder !== undefined) yield Buffer.from(decoder.decode());
}

function utf16Of(chunk: Buffer): "utf-16le" | "utf-16be" | undefined {
  const [a, b, c, d] = chunk;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  const isText = (byte: number | undefined) => byte !== undefined && byte !== 0 && byte < 0x80;
  if (isText(a) && b === 0 && isText(c) && d === 0) return "utf-16le";
  if (a === 0 && isText(b) && c === 0 && isText(d)) return "utf-16be";
  return undefined;
}

async function isGzip(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { start: 0, end: 1 })) {
    return (chunk as Buffer)[0] === 0x1f && (chunk as Buffer)[1] === 0x8b;
  }
  return false;
}

/** Why the system refused, in a few words. @throws the error itself if it is a bug */
export function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOENT") return "no such file or directory";
  if (code === "ENOTDIR") return "expected a directory on the way, found a file";
  if (code === "EISDIR") return "expected a file, found a directory";
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "ELOOP") return "symbolic links go in a circle";
  if (code === "ENAMETOOLONG") return "the name is too long";
  if (code === "Z_BUF_ERROR") return "the gzip data end too early (truncated?)";
  if (code === "Z_DATA_ERROR") return "the gzip data are corrupted";
  return outsideReason(cause);
}
