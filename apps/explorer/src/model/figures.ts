const COUNT = new Intl.NumberFormat("en-US");

/** A number of tasks. */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** The beginning of a hash, enough to tell it apart by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 8);
}
