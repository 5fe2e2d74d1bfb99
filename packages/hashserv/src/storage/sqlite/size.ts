import { stat } from "node:fs/promises";
import type { StorageSize } from "../storage.ts";

/** Bytes of a database file and of its write-ahead log; 0 for one that is not there. */
export async function measureFiles(path: string): Promise<StorageSize> {
  return { main: await sizeOf(path), wal: await sizeOf(`${path}-wal`) };
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
