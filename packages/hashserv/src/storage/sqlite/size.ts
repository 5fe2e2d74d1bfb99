import { realpath, stat } from "node:fs/promises";
import type { StorageSize } from "../storage.ts";

/** Bytes of a database file and of its write-ahead log, which lies beside the file itself, whatever links lead to it; 0 for one that is not there. */
export async function measureFiles(path: string): Promise<StorageSize> {
  const file = await realpath(path).catch(() => path);
  return { main: await sizeOf(file), wal: await sizeOf(`${file}-wal`) };
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
