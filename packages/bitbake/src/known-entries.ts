import { areEqual, ByteStore, type StoredBytes } from "./byte-store.ts";
import { behindText, behindValue, CLOSE, COLON, COMMA, OPEN, QUOTE } from "./json-bytes.ts";
import { isPlainText } from "./plain-text.ts";

/** A key of a JSON object and its value, once for all objects that have it in the same bytes. */
export interface KnownEntry<T> extends StoredBytes {
  /** Numbers the entries of a table from 0. */
  readonly index: number;
  readonly value: T;
  /** Of its bytes, those of the name, quoted. */
  readonly keyLength: number;
}

/**
 * Reads JSON objects that have most of their entries in common, as the variables of the tasks of one build: what was seen before is
 * recognized by its bytes and not read again. Which entry may come is told by which came behind the one before in other objects.
 */
export class KnownEntries<T> {
  readonly #narrow: (entry: RawEntry) => T;
  readonly #store = new ByteStore();
  readonly #all: StoredEntry<T>[] = [];
  /** By a hash of their bytes; those with one hash are linked. */
  readonly #byHash = new Map<number, StoredEntry<T>>();
  /** What comes before the first entry of an object. */
  readonly #start: Followed<T> = { likely: undefined, others: undefined };

  /** @param narrow checks a value; what it throws comes out of `read` */
  constructor(narrow: (entry: RawEntry) => T) {
    this.#narrow = narrow;
  }

  /**
   * Reads one object without blanks whose names are plain and in the order of their code points, none of them twice.
   *
   * @param view the same bytes
   * @param at where it begins
   * @param found its entries are put behind what this has
   * @returns the position behind it; `undefined` if it is no such object
   * @throws what the values are narrowed with
   */
  read(bytes: Uint8Array, view: DataView, at: number, found: KnownEntry<T>[]): number | undefined {
    if (bytes[at] !== OPEN) return undefined;
    if (bytes[at + 1] === CLOSE) return at + 2;
    let before = this.#start;
    for (let next = at + 1; next < bytes.length; ) {
      const { likely } = before;
      const isLikely = likely !== undefined && isAt(view, next, likely);
      const entry = isLikely ? likely : (recognizeOther(view, next, before) ?? this.#learn(bytes, view, next, before));
      if (entry === undefined) return undefined;
      found.push(entry);
      next += entry.length + 1;
      if (bytes[next - 1] === CLOSE) return next;
      before = entry;
    }
    return undefined;
  }

  /** @param index that of an entry that was read */
  at(index: number): KnownEntry<T> {
    return this.#all[index] as KnownEntry<T>;
  }

  /** An entry that no object had behind the one before. */
  #learn(bytes: Uint8Array, view: DataView, at: number, before: Followed<T>): StoredEntry<T> | undefined {
    if (bytes[at] !== QUOTE) return undefined;
    const colon = behindText(bytes, at);
    if (bytes[colon] !== COLON) return undefined;
    const end = behindValue(bytes, colon + 1);
    if (bytes[end] !== COMMA && bytes[end] !== CLOSE) return undefined;
    const hash = hashOf(bytes, at, end);
    let entry = this.#byHash.get(hash);
    while (entry !== undefined && !isAt(view, at, entry)) entry = entry.sameHash;
    if (entry === undefined) {
      if (!isPlainText(bytes, at, colon)) return undefined;
      entry = this.#add({ bytes, at, colon, end }, hash);
    }
    if (before !== this.#start && !isBefore(before as StoredEntry<T>, entry)) return undefined;
    remember(before, entry);
    return entry;
  }

  #add(raw: RawEntry, hash: number): StoredEntry<T> {
    const { bytes, at, colon, end } = raw;
    const value = this.#narrow(raw);
    const { view, from, length } = this.#store.add(bytes, at, end);
    const entry: StoredEntry<T> = {
      index: this.#all.length,
      value,
      keyLength: colon - at,
      view,
      from,
      length,
      likely: undefined,
      others: undefined,
      sameHash: this.#byHash.get(hash),
    };
    this.#all.push(entry);
    this.#byHash.set(hash, entry);
    return entry;
  }
}

/** An entry as it was found among the bytes of an object. */
export interface RawEntry {
  readonly bytes: Uint8Array;
  /** Where the quotation mark is that begins the name. */
  readonly at: number;
  /** Between name and value. */
  readonly colon: number;
  /** Behind the value. */
  readonly end: number;
}

/** What was seen behind an entry. Nearly always that is one and the same, and so it has a field of its own. */
interface Followed<T> {
  likely: StoredEntry<T> | undefined;
  /** The last one first. */
  others: StoredEntry<T>[] | undefined;
}

interface StoredEntry<T> extends KnownEntry<T>, Followed<T> {
  readonly sameHash: StoredEntry<T> | undefined;
}

/** How many entries are tried by their bytes beside the likely one. */
const OTHERS = 3;

function recognizeOther<T>(bytes: DataView, at: number, before: Followed<T>): StoredEntry<T> | undefined {
  const { likely, others } = before;
  if (others === undefined) return undefined;
  for (let i = 0; i < others.length; i++) {
    const entry = others[i] as StoredEntry<T>;
    if (!isAt(bytes, at, entry)) continue;
    others[i] = likely as StoredEntry<T>;
    before.likely = entry;
    return entry;
  }
  return undefined;
}

function remember<T>(before: Followed<T>, entry: StoredEntry<T>): void {
  if (before.likely !== undefined) {
    before.others ??= [];
    before.others.unshift(before.likely);
    if (before.others.length > OTHERS) before.others.pop();
  }
  before.likely = entry;
}

/** Of the bytes of an entry that enter its hash. */
const SAMPLES = 64;

/** FNV-1a of the length and of bytes all along: entries that differ between these share a hash, and are told apart by all their bytes. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  const step = Math.floor((to - from) / SAMPLES) + 1;
  let hash = 0x811c9dc5 ^ (to - from);
  for (let i = from; i < to; i += step) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash;
}

/** Whether these bytes are there, and are the whole entry: `1` is not the whole of `12`. */
function isAt(bytes: DataView, at: number, { view, from, length }: StoredBytes): boolean {
  if (at + length >= bytes.byteLength) return false;
  const behind = bytes.getUint8(at + length);
  return (behind === COMMA || behind === CLOSE) && areEqual(bytes, at, view, from, length);
}

/** Whether a name comes before another, by code point: both are plain. */
function isBefore(a: KnownEntry<unknown>, b: KnownEntry<unknown>): boolean {
  const [lengthA, lengthB] = [a.keyLength - 1, b.keyLength - 1]; // without the quotation marks that end them
  for (let i = 1; i < lengthA && i < lengthB; i++) {
    const difference = a.view.getUint8(a.from + i) - b.view.getUint8(b.from + i);
    if (difference !== 0) return difference < 0;
  }
  return lengthA < lengthB;
}

/** Whether an entry has a name. @param name as JSON, with its quotation marks */
export function hasName({ view, from, keyLength }: KnownEntry<unknown>, name: DataView): boolean {
  return keyLength === name.byteLength && areEqual(view, from, name, 0, keyLength);
}
