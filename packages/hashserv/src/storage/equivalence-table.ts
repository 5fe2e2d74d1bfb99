import { randomInt } from "node:crypto";
import type { Equivalence } from "@depid/hashserv-protocol";
import { DIGEST_BYTES, DIGEST_WORDS, DigestReader } from "./digest.ts";

/** Rows in a block; blocks are added as rows are, so that nothing is ever copied. */
const BLOCK_ROWS = 8_192;
/** Words of a row: taskhash and depid. */
const ROW_WORDS = 2 * DIGEST_WORDS;
/** The method is kept as a number of one byte; rows of further methods are not kept. */
const MOST_METHODS = 256;
const FIRST_SLOTS = 1_024;
/**
 * A slot of a hash table has the number of a row in its lower bits, and some of the hash in those above: rows that only
 * meet in a slot are passed by without a look at them, which would be somewhere else in memory.
 */
const ROW_BITS = 20;
const ROW_MASK = (1 << ROW_BITS) - 1;
/** Rows a table can hold at most. */
export const MOST_ROWS = ROW_MASK;

/** Rows as bytes, under two views. */
interface Block {
  readonly words: Uint32Array;
  readonly bytes: Buffer;
}

/**
 * Rows of the equivalence map in some 80 bytes each: digests as bytes, found through two hash tables of row numbers. A Map
 * of texts takes more than twice that, and all of it is walked by the garbage collector. Rows that hold something else
 * than digests are not kept.
 */
export class EquivalenceTable {
  readonly #most: number;
  readonly #methods = new Map<string, number>();
  readonly #key = new DigestReader();
  readonly #value = new DigestReader();
  /** Nobody may choose taskhashes that all meet in one place. */
  readonly #seed = randomInt(2 ** 32);
  #blocks: Block[] = [];
  #methodOfRow = new Uint8Array(BLOCK_ROWS);
  #size = 0;
  /** Rows, numbered from 1 on, by taskhash and method; 0 where there is none. At most half is in use. */
  #byTask = new Uint32Array(FIRST_SLOTS);
  /** Rows by depid, one for each depid. */
  #byDepId = new Uint32Array(FIRST_SLOTS);

  /** @param most rows it ever holds, up to `MOST_ROWS`: when it is full it begins anew */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  findDepId(method: string, taskhash: string): string | undefined {
    const number = this.#methods.get(method);
    if (number === undefined || !this.#key.read(taskhash)) return undefined;
    const hash = this.#hash(this.#key.words, 0, number);
    const row = (this.#byTask[this.#taskSlot(hash, number, this.#key.words)] as number) & ROW_MASK;
    if (row === 0) return undefined;
    const { bytes } = this.#blockOf(row);
    const start = (offsetOf(row) + DIGEST_WORDS) * 4;
    return bytes.toString("hex", start, start + DIGEST_BYTES);
  }

  hasDepId(depid: string): boolean {
    if (!this.#value.read(depid)) return false;
    return this.#byDepId[this.#depIdSlot(this.#hash(this.#value.words, 0), this.#value.words)] !== 0;
  }

  /** Adds a row; one that is there stays as it is. */
  add({ method, taskhash, depid }: Equivalence): void {
    if (!this.#key.read(taskhash) || !this.#value.read(depid)) return;
    if (this.#size >= this.#most) this.clear();
    const number = this.#numberOf(method);
    if (number === undefined) return;
    const { words } = this.#key;
    if (this.#byTask[this.#taskSlot(this.#hash(words, 0, number), number, words)] !== 0) return;
    this.#nameRow(this.#append(number));
    if (this.#size * 2 > this.#byTask.length) this.#grow();
  }

  clear(): void {
    if (this.#size === 0) return;
    this.#methods.clear();
    // While another process writes all the time, all is forgotten as often; the first rows then find room again.
    this.#blocks = this.#blocks.slice(0, 1);
    this.#methodOfRow = new Uint8Array(BLOCK_ROWS);
    this.#size = 0;
    this.#byTask = new Uint32Array(FIRST_SLOTS);
    this.#byDepId = new Uint32Array(FIRST_SLOTS);
  }

  #numberOf(method: string): number | undefined {
    const known = this.#methods.get(method);
    if (known !== undefined || this.#methods.size >= MOST_METHODS) return known;
    this.#methods.set(method, this.#methods.size);
    return this.#methods.size - 1;
  }

  /** Writes the row that was read. @returns its number */
  #append(method: number): number {
    const row = ++this.#size;
    if (this.#size > this.#blocks.length * BLOCK_ROWS) this.#blocks.push(createBlock());
    if (this.#size > this.#methodOfRow.length) {
      const methods = new Uint8Array(this.#methodOfRow.length * 2);
      methods.set(this.#methodOfRow);
      this.#methodOfRow = methods;
    }
    const { words } = this.#blockOf(row);
    words.set(this.#key.words, offsetOf(row));
    words.set(this.#value.words, offsetOf(row) + DIGEST_WORDS);
    this.#methodOfRow[row - 1] = method;
    return row;
  }

  #grow(): void {
    this.#byTask = new Uint32Array(this.#byTask.length * 2);
    this.#byDepId = new Uint32Array(this.#byTask.length);
    for (let row = 1; row <= this.#size; row++) this.#nameRow(row);
  }

  /** Has a row found by what it holds; by its depid only if no other row is. */
  #nameRow(row: number): void {
    const { words } = this.#blockOf(row);
    const [task, depid] = [offsetOf(row), offsetOf(row) + DIGEST_WORDS];
    const method = this.#methodOfRow[row - 1] as number;
    const taskHash = this.#hash(words, task, method);
    this.#byTask[this.#taskSlot(taskHash, method, words, task)] = (taskHash & ~ROW_MASK) | row;
    const depidHash = this.#hash(words, depid);
    const slot = this.#depIdSlot(depidHash, words, depid);
    if (this.#byDepId[slot] === 0) this.#byDepId[slot] = (depidHash & ~ROW_MASK) | row;
  }

  /** Where the row of a taskhash is named, or is to be. */
  #taskSlot(hash: number, method: number, words: Uint32Array, at = 0): number {
    const slots = this.#byTask;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let named = slots[slot] as number; named !== 0; named = slots[slot] as number) {
      if (((named ^ hash) & ~ROW_MASK) === 0) {
        const row = named & ROW_MASK;
        if (this.#equals(row, 0, words, at) && this.#methodOfRow[row - 1] === method) return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Where a row of a depid is named, or is to be. */
  #depIdSlot(hash: number, words: Uint32Array, at = 0): number {
    const slots = this.#byDepId;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let named = slots[slot] as number; named !== 0; named = slots[slot] as number) {
      if (((named ^ hash) & ~ROW_MASK) === 0 && this.#equals(named & ROW_MASK, DIGEST_WORDS, words, at)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #equals(row: number, part: number, other: Uint32Array, at: number): boolean {
    const { words } = this.#blockOf(row);
    const from = offsetOf(row) + part;
    for (let i = 0; i < DIGEST_WORDS; i++) if (words[from + i] !== other[at + i]) return false;
    return true;
  }

  #hash(words: Uint32Array, at: number, method = 0): number {
    let hash = this.#seed ^ method;
    for (let i = 0; i < DIGEST_WORDS; i++) {
      hash = Math.imul(hash ^ (words[at + i] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #blockOf(row: number): Block {
    return this.#blocks[((row - 1) / BLOCK_ROWS) | 0] as Block;
  }
}

/** Where a row begins in its block, in words. */
function offsetOf(row: number): number {
  return ((row - 1) % BLOCK_ROWS) * ROW_WORDS;
}

function createBlock(): Block {
  const words = new Uint32Array(BLOCK_ROWS * ROW_WORDS);
  return { words, bytes: Buffer.from(words.buffer) };
}
