import { createHash } from "node:crypto";
import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, lstat, open, readdir, readlink, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { outsideReason } from "@depid/hash";
import { OutputReadError } from "../errors.ts";
import type { OutputEntry, OutputTree } from "../output-tree.ts";
import { type AccountFiles, type AccountNames, HOST_ACCOUNTS, readAccountNames } from "./accounts.ts";
import { decodeName, encodeName } from "./python-names.ts";

/** What is read of a file at a time. */
const CHUNK_BYTES = 256 * 1024;

/**
 * A directory on disk, read as it is when `entries`, `read` or `digest` is called. Contents are digested as they
 * stream, so files may be larger than memory. Errors name the path below `dir`.
 *
 * @param dir a link here, and here alone, is followed
 */
export function createDirectoryTree(dir: string, accounts: AccountFiles = HOST_ACCOUNTS): OutputTree {
  const root = resolve(dir);
  const located = (path: string): Located => ({ path, absolute: encodeName(`${root}/${path}`) });
  return {
    root,
    entries: async () => {
      const users = await readAccountNames(accounts.passwd);
      return listEntries(located, users, await readAccountNames(accounts.group));
    },
    read: (path) => withFile(located(path), (file) => file.readFile()),
    digest: (path, algorithm) =>
      withFile(located(path), async (file) => {
        const hash = createHash(algorithm);
        const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
        for (let length = -1; length !== 0; ) {
          length = (await file.read(buffer, 0, CHUNK_BYTES, null)).bytesRead;
          hash.update(buffer.subarray(0, length));
        }
        return hash.digest("hex");
      }),
  };
}

/** A path of the tree with the bytes of the path on disk. */
interface Located {
  readonly path: string;
  readonly absolute: Buffer;
}

async function listEntries(
  located: (path: string) => Located,
  users: AccountNames,
  groups: AccountNames,
): Promise<readonly OutputEntry[]> {
  const root = located(".");
  const rootStat = await reading(root, () => stat(root.absolute, { bigint: true }));
  if (!rootStat.isDirectory()) throw new OutputReadError(root.absolute.toString(), "expected a directory");
  const entries = [await entryOf(root, rootStat, users, groups)];
  for (const { path, type } of entries) {
    if (type !== "dir") continue;
    const directory = located(path);
    for (const name of await reading(directory, () => readdir(directory.absolute, { encoding: "buffer" }))) {
      const object = located(`${path}/${decodeName(name)}`);
      const stats = await reading(object, () => lstat(object.absolute, { bigint: true }));
      entries.push(await entryOf(object, stats, users, groups)); // the loop reaches it, being longer now
    }
  }
  return entries;
}

async function entryOf(
  object: Located,
  stats: BigIntStats,
  users: AccountNames,
  groups: AccountNames,
): Promise<OutputEntry> {
  const common = {
    path: object.path,
    mode: Number(stats.mode & 0o7777n),
    owner: users.get(Number(stats.uid)) ?? Number(stats.uid),
    group: groups.get(Number(stats.gid)) ?? Number(stats.gid),
    mtime: secondsOf(stats.mtimeNs),
  };
  if (stats.isFile()) return { ...common, type: "file", size: Number(stats.size) };
  if (stats.isDirectory()) return { ...common, type: "dir" };
  if (stats.isSymbolicLink()) {
    const target = await reading(object, () => readlink(object.absolute, { encoding: "buffer" }));
    return { ...common, type: "symlink", target: decodeName(target), toDirectory: await leadsToDirectory(object) };
  }
  if (stats.isCharacterDevice()) return { ...common, type: "char", ...deviceOf(stats.rdev) };
  if (stats.isBlockDevice()) return { ...common, type: "block", ...deviceOf(stats.rdev) };
  return { ...common, type: stats.isFIFO() ? "fifo" : "socket" };
}

/** Adds as Python does: a fraction within 1e-7 of the next second becomes that second. */
function secondsOf(nanoseconds: bigint): number {
  const fraction = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return Number((nanoseconds - fraction) / 1_000_000_000n) + 1e-9 * Number(fraction);
}

/** Linux keeps major and minor number in 12 and 20 of the low 32 bits, and what is above in the high 32. */
function deviceOf(rdev: bigint): { readonly major: number; readonly minor: number } {
  return {
    major: Number(((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n)),
    minor: Number((rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n)),
  };
}

/** A link that leads nowhere, round in a circle or to what may not be seen does not lead to a directory. */
async function leadsToDirectory(link: Located): Promise<boolean> {
  try {
    return (await stat(link.absolute)).isDirectory();
  } catch {
    return false;
  }
}

async function withFile<T>(object: Located, use: (file: FileHandle) => Promise<T>): Promise<T> {
  return reading(object, async () => {
    const file = await open(object.absolute, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  });
}

/** @throws {OutputReadError} in place of what the system reports */
async function reading<T>(object: Located, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new OutputReadError(object.path, `cannot be read: ${outsideReason(cause)}`, { cause });
  }
}
