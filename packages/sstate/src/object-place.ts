/** The folders that an object lies in: two of two digits of its depid, as OE-Core has it since 3.1 (dunfell). */
export function formatObjectFolder(depid: string): string {
  return `${depid.slice(0, 2)}/${depid.slice(2, 4)}`;
}

/** Where BitBake looks for an object. */
export interface ObjectPlace {
  /** The folders above: NATIVELSBSTRING for objects of native recipes, "" for others. */
  readonly distribution: string;
  /** In how many folders of two digits: one in releases before 3.1 (dunfell), two since. */
  readonly levels: 1 | 2;
}

/**
 * What a folder is for objects with this depid.
 *
 * @param folder relative to the sstate directory, "" being that itself
 * @returns `undefined` if BitBake of no release looks there for it
 */
export function findObjectPlace(folder: string, depid: string): ObjectPlace | undefined {
  const both = formatObjectFolder(depid);
  for (const [levels, place] of [[2, both] as const, [1, both.slice(0, 2)] as const]) {
    if (folder === place) return { distribution: "", levels };
    if (folder.endsWith(`/${place}`)) return { distribution: folder.slice(0, -place.length - 1), levels };
  }
  return undefined;
}

/** Whether a folder of an sstate directory is one of two digits; others there are of a distribution of hosts, such as `universal`. */
export function isDigitFolder(name: string): boolean {
  return /^[0-9a-f]{2}$/.test(name);
}
