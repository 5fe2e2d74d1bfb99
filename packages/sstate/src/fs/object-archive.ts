import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { outsideReason } from "@depid/hash";
import { ObjectArchiveError } from "../errors.ts";

/** As OE-Core has it by default (ZSTD_COMPRESSION_LEVEL). */
const LEVEL = 3;

/**
 * Writes the files of a folder as an sstate object (`.tar.zst`): the file is there as a whole, or not at all. What was there is replaced.
 *
 * @param file its path, with the object's name
 * @throws {ObjectArchiveError}
 */
export async function packObject(folder: string, file: string): Promise<void> {
  const { create } = await import("tar");
  const { Zstd } = await import("@hpcc-js/wasm-zstd");
  try {
    const chunks: Buffer[] = [];
    const stream = create({ cwd: folder }, ["."]);
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const bytes = (await Zstd.load()).compress(Buffer.concat(chunks), LEVEL);
    await mkdir(dirname(file), { recursive: true });
    // As `tempfile` names what is in the making (`classifySstateFile`).
    const draft = `${file}.inmaking`;
    await writeFile(draft, bytes);
    await rename(draft, file);
  } catch (cause) {
    throw new ObjectArchiveError(file, `cannot be written: ${outsideReason(cause)}`, { cause });
  }
}

/**
 * Unpacks an sstate object into a folder, which is made.
 *
 * @throws {ObjectArchiveError} when it cannot be read, or is no such archive
 */
export async function unpackObject(file: string, folder: string): Promise<void> {
  const { Unpack } = await import("tar");
  const { Zstd } = await import("@hpcc-js/wasm-zstd");
  try {
    const bytes = decompress(await Zstd.load(), await readFile(file), file);
    await mkdir(folder, { recursive: true });
    await new Promise<void>((resolve, reject) => {
      // Links lead where they led, wherever that is. The archive is of a folder, so that no file of it is behind a link.
      const unpack = new Unpack({ cwd: folder, strict: true, preservePaths: true, chmod: true, processUmask: 0 });
      unpack.on("close", () => resolve());
      unpack.on("error", reject);
      unpack.end(Buffer.from(bytes));
    });
  } catch (cause) {
    if (cause instanceof ObjectArchiveError) throw cause;
    throw new ObjectArchiveError(file, `cannot be unpacked: ${outsideReason(cause)}`, { cause });
  }
}

/** @throws {ObjectArchiveError} in place of whatever the library says of bytes that are none of zstd */
function decompress(zstd: { decompress(bytes: Uint8Array): Uint8Array }, bytes: Uint8Array, file: string): Uint8Array {
  try {
    return zstd.decompress(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ObjectArchiveError(file, `cannot be unpacked: expected an archive compressed by zstd: ${reason}`, {
      cause,
    });
  }
}
