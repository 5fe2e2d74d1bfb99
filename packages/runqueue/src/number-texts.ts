/** Gives equal texts equal numbers, counted from 0 as they come; `first` says where each number came first. */
export function numberTexts(texts: readonly string[]): {
  readonly numbers: Int32Array;
  readonly first: readonly number[];
} {
  const known = new Map<string, number>();
  const first: number[] = [];
  const numbers = Int32Array.from(texts, (text, i) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    known.set(text, first.length);
    return first.push(i) - 1;
  });
  return { numbers, first };
}
