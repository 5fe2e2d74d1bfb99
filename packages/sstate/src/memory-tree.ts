import { digestHex } from "./digest.ts";
import { OutputReadError } from "./errors.ts";
import { createLinkResolver } from "./link-resolver.ts";
import type { OutputEntry, OutputTree } from "./output-tree.ts";

interface MemoryObjectBase {
  /** Below the tree: "usr/bin/hello"; "." for the directory itself. */
  readonly path: string;
  /** Permission bits; by default 0755 for directories, 0777 for links, 0644 for all else. */
  readonly mode?: number;
  /** "root" by default, like `group`. A number is an id without a name. */
  readonly owner?: string | number;
  readonly group?: string | number;
  /** Seconds since 1970; by default later than any `SOURCE_DATE_EPOCH`. */
  readonly mtime?: number;
}

/** What an object in memory is described by. */
export type MemoryObject =
  | (MemoryObjectBase & { readonly type: "dir" | "fifo" | "socket" })
  | (MemoryObjectBase & { readonly type: "file"; readonly content: string | Uint8Array })
  | (MemoryObjectBase & { readonly type: "symlink"; readonly target: string })
  | (MemoryObjectBase & { readonly type: "char" | "block"; readonly major: number; readonly minor: number });

/**
 * A tree of values, for what a test cannot create on disk (owners, devices), and for browsers. Directories which are
 * not described exist, with mode 0755 and owner root. Nothing exists outside of the tree, so no link leads to a
 * directory there.
 *
 * @param root absolute path which the tree is said to have
 */
export function createMemoryTree(root: string, objects: readonly MemoryObject[]): OutputTree {
  const byPath = new Map<string, MemoryObject>(objects.map((object) => [pathOf(object.path), object]));
  for (const path of ["./", ...byPath.keys()]) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const parent = path.slice(0, end);
      if (!byPath.has(parent)) byPath.set(parent, { path: parent, type: "dir" });
    }
  }
  const isDirectory = createLinkResolver(root, (path) => byPath.get(path));
  const contentOf = (path: string): Uint8Array => {
    const object = byPath.get(path);
    if (object?.type !== "file")
      throw new OutputReadError(path, `expected a regular file, found ${object?.type ?? "nothing"}`);
    return bytesOf(object.content);
  };
  return {
    root,
    entries: async () =>
      Array.from(byPath, ([path, object]) => entryOf(path, object, object.type === "symlink" && isDirectory(path))),
    read: async (path) => contentOf(path),
    digest: async (path, algorithm) => digestHex(algorithm, contentOf(path)),
  };
}

function entryOf(path: string, object: MemoryObject, toDirectory: boolean): OutputEntry {
  const { owner = "root", group = "root", mtime = Number.MAX_SAFE_INTEGER } = object;
  const common = { path, mode: object.mode ?? defaultMode(object), owner, group, mtime };
  switch (object.type) {
    case "file":
      return { ...common, type: "file", size: bytesOf(object.content).length };
    case "symlink":
      return { ...common, type: "symlink", target: object.target, toDirectory };
    case "char":
    case "block":
      return { ...common, type: object.type, major: object.major, minor: object.minor };
    default:
      return { ...common, type: object.type };
  }
}

function defaultMode(object: MemoryObject): number {
  return object.type === "dir" ? 0o755 : object.type === "symlink" ? 0o777 : 0o644;
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

function pathOf(path: string): string {
  return path === "." || path.startsWith("./") ? path : `./${path}`;
}
