import type { Slice } from "../storage.ts";

/** Rows by their number, in order of it. Numbers are not used twice. */
export class MemoryTable<Row extends { readonly id: number }> {
  readonly #rows: (Row | undefined)[] = [undefined];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get nextId(): number {
    return this.#rows.length;
  }

  /** Stores a row under its number: the next one, or one in use or removed. */
  put(row: Row): void {
    if (this.#rows[row.id] === undefined) this.#size++;
    this.#rows[row.id] = row;
  }

  remove(id: number): void {
    if (this.#rows[id] !== undefined) this.#size--;
    this.#rows[id] = undefined;
  }

  *[Symbol.iterator](): Generator<Row> {
    for (const row of this.#rows) if (row !== undefined) yield row;
  }

  /** The rows of a slice, and where the next one begins, if there may be more. */
  slice({ after, limit }: Slice): { readonly rows: readonly Row[]; readonly next: number | undefined } {
    const rows: Row[] = [];
    let id = after + 1;
    for (; id < this.#rows.length && rows.length < limit; id++) {
      const row = this.#rows[id];
      if (row !== undefined) rows.push(row);
    }
    return { rows, next: id < this.#rows.length ? id - 1 : undefined };
  }
}
