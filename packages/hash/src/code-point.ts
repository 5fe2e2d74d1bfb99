/**
 * Orders strings by Unicode code point, as Python's `sorted()` does. JavaScript's own order compares UTF-16 units and
 * puts U+FF5E behind U+1F600. Whatever reaches a hash must be ordered by this.
 *
 * @returns negative, zero or positive, for `Array#sort`
 */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above U+FFFF, so they go behind all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
