import { areEqual, GrowingBytes, GrowingInts } from "./growing-bytes.ts";
import { behindText, behindValue, CLOSE, COLON, COMMA, OPEN, QUOTE } from "./json-bytes.ts";
import { isPlainText, textOf } from "./plain-text.ts";

/** An entry as it was found among the bytes of an object. */
export interface RawEntry {
  readonly bytes: Uint8Array;
  /** The same bytes. */
  readonly view: DataView;
  /** Where the quotation mark is that begins the name. */
  readonly at: number;
  /** Between name and value. */
  readonly colon: number;
  /** Behind the value. */
  readonly end: number;
}

/**
 * Reads JSON objects that have most of their entries in common, as the variables of the tasks of one build. An entry, which is a key
 * and its value in certain bytes, has a number, from 1 on. What was seen before is recognized by its bytes and not read again. Which
 * entry may come is told by which came behind the one before in other objects.
 *
 * A build has some hundred thousand entries: they are numbers in one array and bytes in one buffer, as so many objects would take longer to
 * collect than to read.
 */
export class KnownEntries {
  readonly #check: (entry: RawEntry) => void;
  readonly #bytes = new GrowingBytes();
  /** `STRIDE` numbers of each entry. Number 0 is none; what came first in objects is behind it. */
  readonly #fields = new GrowingInts();
  /** By a hash of their bytes the last entry that has it; the others are linked. */
  #byHash = new Int32Array(1024);

  /** @param check told of each entry that was not seen before, in the order of their numbers; what it throws comes out of `read` */
  constructor(check: (entry: RawEntry) => void) {
    this.#check = check;
    for (let i = 0; i < STRIDE; i++) this.#fields.push(NONE);
  }

  /**
   * Reads one object without blanks whose names are plain and in the order of their code points, none of them twice.
   *
   * @param view the same bytes
   * @param at where it begins
   * @param found the numbers of its entries are put behind what this has
   * @returns the position behind it; `undefined` if it is no such object
   * @throws what the entries are checked with
   */
  read(bytes: Uint8Array, view: DataView, at: number, found: GrowingInts): number | undefined {
    if (bytes[at] !== OPEN) return undefined;
    if (bytes[at + 1] === CLOSE) return at + 2;
    let before = NONE;
    for (let next = at + 1; next < bytes.length; ) {
      const likely = this.#field(before, LIKELY);
      const entry =
        likely !== NONE && this.#isAt(view, next, likely)
          ? likely
          : this.#recognizeOther(view, next, before) || this.#learn(bytes, view, next, before);
      if (entry === NONE) return undefined;
      found.push(entry);
      next += this.#field(entry, LENGTH) + 1;
      if (bytes[next - 1] === CLOSE) return next;
      before = entry;
    }
    return undefined;
  }

  nameOf(entry: number): string {
    return textOf(this.#bytes.view, this.#field(entry, FROM) + 1, this.#field(entry, KEY_LENGTH) - 2);
  }

  /** The JSON of an entry's value. */
  jsonOf(entry: number): string {
    const from = this.#field(entry, FROM) + this.#field(entry, KEY_LENGTH) + 1;
    return utf8.decode(this.#bytes.bytes.subarray(from, this.#field(entry, FROM) + this.#field(entry, LENGTH)));
  }

  /**
   * The position behind the name of an entry, quoted, if it is there.
   *
   * @returns `undefined` if it is not
   */
  behindName(entry: number, view: DataView, at: number): number | undefined {
    const length = this.#field(entry, KEY_LENGTH);
    if (at + length > view.byteLength) return undefined;
    return areEqual(view, at, this.#bytes.view, this.#field(entry, FROM), length) ? at + length : undefined;
  }

  /** Whether an entry has a name. @param name as JSON, with its quotation marks */
  hasName(entry: number, name: DataView): boolean {
    const length = this.#field(entry, KEY_LENGTH);
    return length === name.byteLength && areEqual(this.#bytes.view, this.#field(entry, FROM), name, 0, length);
  }

  #field(entry: number, field: number): number {
    return this.#fields.ints[entry * STRIDE + field] as number;
  }

  /** Whether an entry's bytes are there, and are the whole entry: `1` is not the whole of `12`. */
  #isAt(view: DataView, at: number, entry: number): boolean {
    const length = this.#field(entry, LENGTH);
    if (at + length >= view.byteLength) return false;
    const behind = view.getUint8(at + length);
    return (
      (behind === COMMA || behind === CLOSE) && areEqual(view, at, this.#bytes.view, this.#field(entry, FROM), length)
    );
  }

  #recognizeOther(view: DataView, at: number, before: number): number {
    const fields = this.#fields.ints;
    for (let field = before * STRIDE + OTHERS; field < (before + 1) * STRIDE; field++) {
      const entry = fields[field] as number;
      if (entry === NONE) return NONE;
      if (!this.#isAt(view, at, entry)) continue;
      fields[field] = this.#field(before, LIKELY);
      fields[before * STRIDE + LIKELY] = entry;
      return entry;
    }
    return NONE;
  }

  /** An entry that no object had behind the one before. */
  #learn(bytes: Uint8Array, view: DataView, at: number, before: number): number {
    if (bytes[at] !== QUOTE) return NONE;
    const colon = behindText(bytes, at);
    if (bytes[colon] !== COLON) return NONE;
    const end = behindValue(bytes, colon + 1);
    if (bytes[end] !== COMMA && bytes[end] !== CLOSE) return NONE;
    const hash = hashOf(bytes, at, end);
    let entry = this.#byHash[hash & (this.#byHash.length - 1)] as number;
    while (entry !== NONE && !this.#isAt(view, at, entry)) entry = this.#field(entry, SAME_HASH);
    if (entry === NONE) {
      if (!isPlainText(bytes, at, colon)) return NONE;
      entry = this.#add({ bytes, view, at, colon, end }, hash);
    }
    if (before !== NONE && !this.#isBefore(before, entry)) return NONE;
    this.#remember(before, entry);
    return entry;
  }

  #add(raw: RawEntry, hash: number): number {
    this.#check(raw);
    const entry = this.#fields.length / STRIDE;
    if (entry === this.#byHash.length) this.#hashAnew();
    const slot = hash & (this.#byHash.length - 1);
    const from = this.#bytes.length;
    this.#bytes.append(raw.view, raw.at, raw.end);
    this.#fields.push(from);
    this.#fields.push(raw.end - raw.at);
    this.#fields.push(raw.colon - raw.at);
    this.#fields.push(this.#byHash[slot] as number);
    for (let i = LIKELY; i < STRIDE; i++) this.#fields.push(NONE);
    this.#byHash[slot] = entry;
    return entry;
  }

  /** Makes room for twice as many entries. */
  #hashAnew(): void {
    const entries = this.#byHash.length;
    this.#byHash = new Int32Array(entries * 2);
    const bytes = this.#bytes.bytes;
    const fields = this.#fields.ints;
    for (let entry = 1; entry < entries; entry++) {
      const from = this.#field(entry, FROM);
      const slot = hashOf(bytes, from, from + this.#field(entry, LENGTH)) & (this.#byHash.length - 1);
      fields[entry * STRIDE + SAME_HASH] = this.#byHash[slot] as number;
      this.#byHash[slot] = entry;
    }
  }

  #remember(before: number, entry: number): void {
    const fields = this.#fields.ints;
    const likely = before * STRIDE + LIKELY;
    fields.copyWithin(likely + 1, likely, (before + 1) * STRIDE - 1);
    fields[likely] = entry;
  }

  /** Whether a name comes before another, by code point: all are plain. */
  #isBefore(a: number, b: number): boolean {
    const { view } = this.#bytes;
    const [fromA, fromB] = [this.#field(a, FROM), this.#field(b, FROM)];
    // Without the quotation marks that end them.
    const [lengthA, lengthB] = [this.#field(a, KEY_LENGTH) - 1, this.#field(b, KEY_LENGTH) - 1];
    for (let i = 1; i < lengthA && i < lengthB; i++) {
      const difference = view.getUint8(fromA + i) - view.getUint8(fromB + i);
      if (difference !== 0) return difference < 0;
    }
    return lengthA < lengthB;
  }
}

const NONE = 0;

/** Where the bytes of an entry begin, how many they are, and those of its name, quoted, among them. */
const FROM = 0;
const LENGTH = 1;
const KEY_LENGTH = 2;
/** The entry before with the same hash. */
const SAME_HASH = 3;
/** What was last seen behind it, and others, the last one first: those are tried by their bytes. */
const LIKELY = 4;
const OTHERS = 5;
/** Numbers of an entry, as many bytes as a processor fetches at once. */
const STRIDE = 8;

/** Of the bytes of an entry that enter its hash. */
const SAMPLES = 64;

/** FNV-1a of the length and of bytes all along: entries that differ between these share a hash, and are told apart by all their bytes. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  const step = Math.floor((to - from) / SAMPLES) + 1;
  let hash = 0x811c9dc5 ^ (to - from);
  for (let i = from; i < to; i += step) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
