/** A run of bytes in a larger buffer. */
export interface StoredBytes {
  readonly view: DataView;
  readonly from: number;
  readonly length: number;
}

/** Keeps many short runs of bytes in a few large buffers. */
export class ByteStore {
  #bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;

  /** Keeps those from `from` to before `to`. */
  add(bytes: Uint8Array, from: number, to: number): StoredBytes {
    const start = this.#reserve(to - from);
    this.#copy(bytes, from, to);
    return { view: this.#view, from: start, length: to - from };
  }

  /** Keeps two runs as one. */
  join(bytes: Uint8Array, [from, to]: Range, more: Uint8Array, [moreFrom, moreTo]: Range): StoredBytes {
    const length = to - from + moreTo - moreFrom;
    const start = this.#reserve(length);
    this.#copy(bytes, from, to);
    this.#copy(more, moreFrom, moreTo);
    return { view: this.#view, from: start, length };
  }

  #reserve(length: number): number {
    if (this.#used + length > this.#bytes.length) {
      this.#bytes = new Uint8Array(Math.max(STORE_BYTES, length));
      this.#view = new DataView(this.#bytes.buffer);
      this.#used = 0;
    }
    return this.#used;
  }

  #copy(bytes: Uint8Array, from: number, to: number): void {
    const kept = this.#bytes;
    if (to - from > SHORT) kept.set(bytes.subarray(from, to), this.#used);
    else for (let i = from, at = this.#used; i < to; i++, at++) kept[at] = bytes[i] as number;
    this.#used += to - from;
  }
}

/** From where to before where. */
type Range = readonly [number, number];

const STORE_BYTES = 1024 * 1024;

/** Bytes that are copied one by one: of a few, that takes less time than the call that copies many. */
const SHORT = 64;

/** Whether as many bytes are the same. Both runs must be there. */
export function areEqual(a: DataView, atA: number, b: DataView, atB: number, length: number): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (a.getInt32(atA + i) !== b.getInt32(atB + i)) return false;
  for (; i < length; i++) if (a.getInt8(atA + i) !== b.getInt8(atB + i)) return false;
  return true;
}

/** Joins runs of bytes, in a buffer that is used again and again. */
export class ByteJoiner {
  #bytes = new Uint8Array(256 * 1024);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;

  clear(): void {
    this.#used = 0;
  }

  /** Appends as many bytes of a view. */
  append(view: DataView, from: number, length: number): void {
    const start = this.#used;
    if (start + length > this.#bytes.length) this.#grow(start + length);
    this.#used += length;
    if (length > LONG) {
      this.#bytes.set(new Uint8Array(view.buffer, view.byteOffset + from, length), start);
      return;
    }
    const to = this.#view;
    let i = 0;
    for (; i + 4 <= length; i += 4) to.setInt32(start + i, view.getInt32(from + i));
    for (; i < length; i++) to.setInt8(start + i, view.getInt8(from + i));
  }

  /** All that was appended since it was cleared, until the next change. */
  get joined(): Uint8Array {
    return this.#bytes.subarray(0, this.#used);
  }

  #grow(size: number): void {
    const wider = new Uint8Array(Math.max(size, this.#bytes.length * 2));
    wider.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = wider;
    this.#view = new DataView(wider.buffer);
  }
}

const LONG = 256;
