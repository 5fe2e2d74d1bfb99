/** Bytes that are appended to one buffer, which grows. */
export class GrowingBytes {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  /** @param size bytes that there is room for at first */
  constructor(size = 1024 * 1024) {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** The buffer, until it grows. */
  get view(): DataView {
    return this.#view;
  }

  /** All that was appended, until the next change. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Appends those of a view from `from` to before `to`. */
  append(view: DataView, from: number, to: number): void {
    const start = this.#length;
    const length = to - from;
    if (start + length > this.#bytes.length) this.#grow(start + length);
    this.#length = start + length;
    if (length > LONG) {
      this.#bytes.set(new Uint8Array(view.buffer, view.byteOffset + from, length), start);
      return;
    }
    const own = this.#view;
    let i = 0;
    for (; i + 4 <= length; i += 4) own.setInt32(start + i, view.getInt32(from + i));
    for (; i < length; i++) own.setInt8(start + i, view.getInt8(from + i));
  }

  #grow(size: number): void {
    const wider = new Uint8Array(Math.max(size, this.#bytes.length * 2));
    wider.set(this.bytes);
    this.#bytes = wider;
    this.#view = new DataView(wider.buffer);
  }
}

/** Bytes from which on a call that copies all takes less time than copying them four by four. */
const LONG = 256;

/** Whether as many bytes are the same. Both runs must be there. */
export function areEqual(a: DataView, atA: number, b: DataView, atB: number, length: number): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (a.getInt32(atA + i) !== b.getInt32(atB + i)) return false;
  for (; i < length; i++) if (a.getInt8(atA + i) !== b.getInt8(atB + i)) return false;
  return true;
}

/** Whole numbers that are appended to one buffer, which grows. */
export class GrowingInts {
  #ints = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The buffer, until it grows: only its first `length` numbers count. */
  get ints(): Int32Array {
    return this.#ints;
  }

  clear(): void {
    this.#length = 0;
  }

  push(int: number): void {
    if (this.#length === this.#ints.length) {
      const wider = new Int32Array(this.#ints.length * 2);
      wider.set(this.#ints);
      this.#ints = wider;
    }
    this.#ints[this.#length++] = int;
  }

  /** A copy of all of them. */
  slice(): Int32Array {
    return this.#ints.slice(0, this.#length);
  }
}
