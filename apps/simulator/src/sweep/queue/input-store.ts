import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { QueueError } from "./errors.ts";

/** Files by the digest of their bytes: where workers on other machines find what a sweep reads. */
export interface InputStore {
  has(sha256: string): Promise<boolean>;
  put(sha256: string, bytes: Uint8Array): Promise<void>;
  /** @throws {QueueError} when it is not there */
  get(sha256: string): Promise<Uint8Array>;
}

/** A folder that all machines share. @param folder is made if it is not there */
export async function openFolderStore(folder: string): Promise<InputStore> {
  await mkdir(folder, { recursive: true });
  return {
    has: (sha256) =>
      stat(join(folder, sha256)).then(
        () => true,
        () => false,
      ),
    async put(sha256, bytes) {
      const unfinished = join(folder, `.${randomUUID()}`);
      await writeFile(unfinished, bytes);
      await rename(unfinished, join(folder, sha256));
    },
    get: (sha256) =>
      readFile(join(folder, sha256)).catch((cause) => {
        throw new QueueError(`${folder}: expected a file ${sha256}, as who asked for the sweep puts it there`, {
          cause,
        });
      }),
  };
}

/** Whether bytes are those of a digest. @throws {QueueError} when they are not */
export function checkDigest(bytes: Uint8Array, sha256: string): Uint8Array {
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== sha256)
    throw new QueueError(`an input of the sweep: expected bytes with digest ${sha256}, found ${found}`);
  return bytes;
}
