/** What a path holds, as far as following links needs to know. */
interface Resolvable {
  readonly type: string;
  /** Of a link. */
  readonly target?: string;
}

/** As many links as Linux follows for one path. */
const LINK_LIMIT = 40;

/**
 * Tells whether a path leads to a directory, through links, in a tree that is not on disk. Outside of the tree there
 * are only the directories that lead to it.
 *
 * @param root absolute path of the tree
 * @param find what is at a path "./…" of the tree
 */
export function createLinkResolver(
  root: string,
  find: (path: string) => Resolvable | undefined,
): (path: string) => boolean {
  const at = (absolute: string): Resolvable | undefined => {
    if (`${root}/`.startsWith(`${absolute}/`)) return { type: "dir" };
    return absolute.startsWith(`${root}/`) ? find(`.${absolute.slice(root.length)}`) : undefined;
  };
  return (path) => {
    let here = root; // always a directory; "" is the root of the file system
    let links = 0;
    const pending = path.split("/").reverse();
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (name === "" || name === ".") continue;
      if (name === "..") {
        here = here.slice(0, Math.max(here.lastIndexOf("/"), 0));
        continue;
      }
      const next = `${here}/${name}`;
      const found = at(next);
      if (found?.type === "dir") here = next;
      else if (found?.target === undefined || ++links > LINK_LIMIT) return false;
      else {
        if (found.target.startsWith("/")) here = "";
        pending.push(...found.target.split("/").reverse());
      }
    }
    return true;
  };
}
