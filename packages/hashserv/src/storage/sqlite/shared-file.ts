import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";

/** Descriptors of a file that this process has open to be read beside SQLite, and how many read it. */
interface Open {
  readonly descriptors: number[];
  readers: number;
}

/** By device and number. */
const OPEN = new Map<string, Open>();

/**
 * A file that is read beside SQLite. Whoever closes a file ends all locks that the process has on it, SQLite's as well (POSIX);
 * so it is closed when the last who reads it lets go, which is to be done when SQLite has.
 */
export class SharedFile {
  readonly #key: string;
  readonly #descriptor: number;

  /** @throws what the system throws */
  constructor(path: string) {
    const known = OPEN.get(keyOf(statSync(path, { bigint: true })));
    this.#descriptor = known?.descriptors[0] ?? openSync(path, "r");
    this.#key = keyOf(fstatSync(this.#descriptor, { bigint: true }));
    const open = known ?? OPEN.get(this.#key) ?? { descriptors: [], readers: 0 };
    if (!open.descriptors.includes(this.#descriptor)) open.descriptors.push(this.#descriptor);
    open.readers++;
    OPEN.set(this.#key, open);
  }

  /** Bytes. */
  get size(): number {
    return fstatSync(this.#descriptor).size;
  }

  /** @returns fewer bytes where the file ends. @throws what the system throws */
  read(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(this.#descriptor, bytes, 0, length, position));
  }

  /** To be called once. */
  close(): void {
    const open = OPEN.get(this.#key);
    if (open === undefined || --open.readers > 0) return;
    OPEN.delete(this.#key);
    for (const descriptor of open.descriptors) closeSync(descriptor);
  }
}

function keyOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev} ${ino}`;
}
