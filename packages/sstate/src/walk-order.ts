import { byCodePoint } from "@depid/hash";
import { UndecodableNameError } from "./errors.ts";
import type { OutputEntry } from "./output-tree.ts";

/** The objects directly in a directory, each kind by code point of the name. */
export interface DirectoryListing<E extends OutputEntry> {
  readonly directory: E;
  /** All that is neither a directory nor a link to one. */
  readonly files: readonly E[];
  readonly linksToDirectories: readonly E[];
}

/**
 * The directories of a tree with what is in them, in the order in which both output hash methods go: a directory, then
 * its subdirectories one by one, each with all below it. The order of `entries` does not matter.
 *
 * @throws {UndecodableNameError}
 */
export function walkOrder<E extends OutputEntry>(entries: readonly E[]): readonly DirectoryListing<E>[] {
  const children = childrenByParent(entries);
  const listings: DirectoryListing<E>[] = [];
  const pending = [...(children.get("") ?? [])];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const inside = (children.get(directory.path) ?? []).sort((a, b) => byCodePoint(a.path, b.path));
    listings.push({
      directory,
      files: inside.filter((entry) => entry.type !== "dir" && !isLinkToDirectory(entry)),
      linksToDirectories: inside.filter(isLinkToDirectory),
    });
    pending.push(...inside.filter((entry) => entry.type === "dir").reverse());
  }
  return listings;
}

/** @throws {UndecodableNameError} when a link's text is not UTF-8 */
export function checkTarget(entry: OutputEntry): void {
  if (entry.type === "symlink" && LONE_SURROGATE.test(entry.target))
    throw new UndecodableNameError(entry.path, "link target", entry.target);
}

/** The last component of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function childrenByParent<E extends OutputEntry>(entries: readonly E[]): Map<string, E[]> {
  const children = new Map<string, E[]>();
  for (const entry of entries) {
    if (LONE_SURROGATE.test(entry.path)) throw new UndecodableNameError(entry.path, "name", nameOf(entry.path));
    const parent = parentOf(entry.path);
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [entry]);
    else siblings.push(entry);
  }
  return children;
}

function isLinkToDirectory(entry: OutputEntry): boolean {
  return entry.type === "symlink" && entry.toDirectory;
}

/** "" for the root itself. */
function parentOf(path: string): string {
  return path === "." ? "" : path.slice(0, path.lastIndexOf("/"));
}
