import { randomInt } from "node:crypto";
import type { Equivalence } from "@depid/hashserv-protocol";
import { DIGEST_BYTES, DIGEST_WORDS, DigestReader, DigestsReader } from "./digest.ts";

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
const ROW_BITS = 24;
const ROW_MASK = (1 << ROW_BITS) - 1;
/** Rows a table can hold at most. */
export const MOST_ROWS = ROW_MASK;
/** Bytes of memory each of many rows takes at most: itself, its method, and up to four slots in each of two hash tables. */
export const ROW_BYTES = 97;
/** Rows that each new one moves to larger hash tables; moved all at once, millions would hold up everybody for seconds. */
const MOVED_AT_ONCE = 8;

/** Look-ups that wait for memory together. */
const MOST_AT_ONCE = 256;

/** Rows as bytes, under two views, and the numbers of their methods. */
interface Block {
  readonly words: Uint32Array;
  readonly bytes: Buffer;
  readonly methods: Uint8Array;
}

/** Two hash tables of the same rows. Rows are numbered from 1 on, 0 is none. At most half of the slots are in use. */
interface Slots {
  readonly byTask: Uint32Array;
  /** One row for each depid. */
  readonly byDepId: Uint32Array;
}

/**
 * Rows of the equivalence map in 81 to 97 bytes each: digests as bytes, found through two hash tables of row numbers. A Map
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
  readonly #asked = new DigestsReader(MOST_AT_ONCE);
  readonly #hashes = new Int32Array(MOST_AT_ONCE);
  readonly #rows = new Uint32Array(MOST_AT_ONCE);
  /** Depids to be told. */
  readonly #found = new Uint32Array(MOST_AT_ONCE * DIGEST_WORDS);
  readonly #foundBytes = Buffer.from(this.#found.buffer);
  #blocks: Block[] = [];
  #size = 0;
  #slots = createSlots(FIRST_SLOTS);
  /** Those that had become too small, until all their rows are in the new ones. */
  #former: Slots | undefined;
  /** Rows up to this number are in the new ones, and so are those that came since. */
  #moved = 0;

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
    const row = this.#rowOfTask(number, this.#key.words);
    if (row === 0) return undefined;
    const { bytes } = this.#blockOf(row);
    const start = (offsetOf(row) + DIGEST_WORDS) * 4;
    return bytes.toString("hex", start, start + DIGEST_BYTES);
  }

  /** The same for taskhashes of one method, in order. */
  findDepIds(method: string, taskhashes: readonly string[]): (string | undefined)[] {
    const number = this.#methods.get(method);
    if (number === undefined) return taskhashes.map(() => undefined);
    return this.#inBatches(
      taskhashes,
      (count) => this.#findAsked(number, count),
      (taskhash) => this.findDepId(method, taskhash),
    );
  }

  hasDepId(depid: string): boolean {
    return this.#value.read(depid) && this.#hasRowOfDepId(this.#value.words);
  }

  /** The same for many, in order. */
  hasDepIds(depids: readonly string[]): boolean[] {
    return this.#inBatches(
      depids,
      (count) => this.#hasAsked(count),
      (depid) => this.hasDepId(depid),
    );
  }

  /** Adds a row; one that is there stays as it is. */
  add({ method, taskhash, depid }: Equivalence): void {
    if (!this.#key.read(taskhash) || !this.#value.read(depid)) return;
    if (this.#size >= this.#most) this.clear();
    const number = this.#numberOf(method);
    if (number === undefined) return;
    if (this.#rowOfTask(number, this.#key.words) !== 0) return;
    this.#nameRow(this.#append(number));
    this.#move();
    if (this.#size * 2 > this.#slots.byTask.length) this.#grow();
  }

  clear(): void {
    if (this.#size === 0) return;
    this.#methods.clear();
    // While another process writes all the time, all is forgotten as often; the first rows then find room again.
    this.#blocks = this.#blocks.slice(0, 1);
    this.#size = 0;
    this.#slots = createSlots(FIRST_SLOTS);
    this.#former = undefined;
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
    const { words, methods } = this.#blockOf(row);
    words.set(this.#key.words, offsetOf(row));
    words.set(this.#value.words, offsetOf(row) + DIGEST_WORDS);
    methods[indexOf(row)] = method;
    return row;
  }

  /** Doubles the hash tables. Rows follow as others are added, in the order they came, and long before the next time. */
  #grow(): void {
    this.#former = this.#slots;
    this.#slots = createSlots(this.#slots.byTask.length * 2);
    this.#moved = 0;
  }

  #move(): void {
    if (this.#former === undefined) return;
    const last = this.#former.byTask.length / 2 + 1;
    for (let i = 0; i < MOVED_AT_ONCE && this.#moved < last; i++) this.#nameRow(++this.#moved);
    if (this.#moved === last) this.#former = undefined;
  }

  /** Has a row found by what it holds; by its depid only if no other row is. */
  #nameRow(row: number): void {
    const { words, methods } = this.#blockOf(row);
    const { byTask, byDepId } = this.#slots;
    const [task, depid] = [offsetOf(row), offsetOf(row) + DIGEST_WORDS];
    const method = methods[indexOf(row)] as number;
    const taskHash = this.#hash(words, task, method);
    byTask[this.#taskSlot(this.#slots, taskHash, method, words, task)] = (taskHash & ~ROW_MASK) | row;
    const depidHash = this.#hash(words, depid);
    const slot = this.#depIdSlot(this.#slots, depidHash, words, depid);
    if (byDepId[slot] === 0) byDepId[slot] = (depidHash & ~ROW_MASK) | row;
  }

  /** @returns the number of the row of a taskhash, 0 if there is none */
  #rowOfTask(method: number, words: Uint32Array, at = 0, hash = this.#hash(words, at, method)): number {
    const named = this.#slots.byTask[this.#taskSlot(this.#slots, hash, method, words, at)] as number;
    const former = this.#former;
    if (named !== 0 || former === undefined) return named & ROW_MASK;
    return (former.byTask[this.#taskSlot(former, hash, method, words, at)] as number) & ROW_MASK;
  }

  #hasRowOfDepId(words: Uint32Array, at = 0, hash = this.#hash(words, at)): boolean {
    if (this.#slots.byDepId[this.#depIdSlot(this.#slots, hash, words, at)] !== 0) return true;
    const former = this.#former;
    return former !== undefined && former.byDepId[this.#depIdSlot(former, hash, words, at)] !== 0;
  }

  /**
   * @param together answers for so many digests that were read into `#asked`
   * @param alone answers for one text, which need not be a digest
   */
  #inBatches<Answer>(
    texts: readonly string[],
    together: (count: number) => Answer[],
    alone: (text: string) => Answer,
  ): Answer[] {
    if (texts.length === 1) return texts.map(alone);
    const answers: Answer[] = [];
    for (let from = 0; from < texts.length; from += MOST_AT_ONCE) {
      const some = texts.slice(from, from + MOST_AT_ONCE);
      answers.push(...(this.#asked.read(some) ? together(some.length) : some.map(alone)));
    }
    return answers;
  }

  /** The depids of the taskhashes that were read; they become text in one go. */
  #findAsked(method: number, count: number): (string | undefined)[] {
    const { words } = this.#asked;
    const [hashes, rows, found] = [this.#hashes, this.#rows, this.#found];
    this.#fetch(this.#slots.byTask, count, method);
    for (let i = 0; i < count; i++) {
      const row = this.#rowOfTask(method, words, i * DIGEST_WORDS, hashes[i]);
      rows[i] = row;
      if (row === 0) continue;
      const block = this.#blockOf(row).words;
      const from = offsetOf(row) + DIGEST_WORDS;
      for (let word = 0; word < DIGEST_WORDS; word++) found[i * DIGEST_WORDS + word] = block[from + word] as number;
    }
    const text = this.#foundBytes.toString("hex", 0, count * DIGEST_BYTES);
    const digits = DIGEST_BYTES * 2;
    const depids: (string | undefined)[] = [];
    for (let i = 0; i < count; i++) depids.push(rows[i] === 0 ? undefined : text.slice(i * digits, (i + 1) * digits));
    return depids;
  }

  /** Whether there are rows of the depids that were read. */
  #hasAsked(count: number): boolean[] {
    this.#fetch(this.#slots.byDepId, count);
    const exist: boolean[] = [];
    for (let i = 0; i < count; i++)
      exist.push(this.#hasRowOfDepId(this.#asked.words, i * DIGEST_WORDS, this.#hashes[i]));
    return exist;
  }

  /**
   * Touches all slots, then all rows, where the digests that were read most likely are, so that the processor fetches many
   * at a time from memory. Keeps their hashes.
   */
  #fetch(slots: Uint32Array, count: number, method = 0): void {
    const [hashes, rows, found] = [this.#hashes, this.#rows, this.#found];
    const mask = slots.length - 1;
    for (let i = 0; i < count; i++) hashes[i] = this.#hash(this.#asked.words, i * DIGEST_WORDS, method);
    for (let i = 0; i < count; i++) rows[i] = (slots[(hashes[i] as number) & mask] as number) & ROW_MASK;
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      if (row === 0) continue;
      const { words } = this.#blockOf(row);
      // Overwritten later: a read that nobody uses would be left out.
      found[i] = (words[offsetOf(row)] as number) ^ (words[offsetOf(row) + ROW_WORDS - 1] as number);
    }
  }

  /** Where the row of a taskhash is named, or is to be. */
  #taskSlot({ byTask: slots }: Slots, hash: number, method: number, words: Uint32Array, at = 0): number {
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let named = slots[slot] as number; named !== 0; named = slots[slot] as number) {
      if (((named ^ hash) & ~ROW_MASK) === 0) {
        const row = named & ROW_MASK;
        if (this.#equals(row, 0, words, at) && this.#blockOf(row).methods[indexOf(row)] === method) return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Where a row of a depid is named, or is to be. */
  #depIdSlot({ byDepId: slots }: Slots, hash: number, words: Uint32Array, at = 0): number {
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

/** Which of the rows of its block a row is. */
function indexOf(row: number): number {
  return (row - 1) % BLOCK_ROWS;
}

/** Where a row begins in its block, in words. */
function offsetOf(row: number): number {
  return indexOf(row) * ROW_WORDS;
}

function createBlock(): Block {
  const words = new Uint32Array(BLOCK_ROWS * ROW_WORDS);
  return { words, bytes: Buffer.from(words.buffer), methods: new Uint8Array(BLOCK_ROWS) };
}

function createSlots(length: number): Slots {
  return { byTask: new Uint32Array(length), byDepId: new Uint32Array(length) };
}
