import { byCodePoint } from "@depid/hash";
import { behindText, behindValue, CLOSE, COLON, COMMA, OPEN, QUOTE } from "./json-bytes.ts";

/** A key of a JSON object and its value, once for all objects that have it in the same bytes. */
export interface KnownEntry<T> {
  readonly name: string;
  /** Of the name: the same number in all tables with the same `NameIds`. */
  readonly id: number;
  readonly value: T;
  /** The bytes of the entry, which begin with those of the name, quoted. */
  readonly view: DataView;
  readonly from: number;
  readonly keyLength: number;
}

/** Numbers names from 0, and has each of them once. */
export class NameIds {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];

  idOf(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#names.length;
      this.#ids.set(name, id);
      this.#names.push(name);
    }
    return id;
  }

  nameOf(id: number): string {
    return this.#names[id] as string;
  }

  get size(): number {
    return this.#names.length;
  }
}

/**
 * Reads JSON objects that have most of their entries in common, as the variables of the tasks of one build: what was seen before is
 * recognized by its bytes and not parsed again. Which entry may come is told by which came behind the one before in other objects.
 */
export class KnownEntries<T> {
  readonly #ids: NameIds;
  readonly #narrow: (name: string, value: unknown) => T;
  readonly #store = new ByteStore();
  /** By a hash of their bytes; those with one hash are linked. */
  readonly #entries = new Map<number, StoredEntry<T>>();
  /** What comes before the first entry of an object. */
  readonly #start: Followed<T> = { name: undefined, likely: undefined, others: undefined };

  /** @param narrow checks a value; what it throws comes out of `read` */
  constructor(ids: NameIds, narrow: (name: string, value: unknown) => T) {
    this.#ids = ids;
    this.#narrow = narrow;
  }

  /**
   * Reads one object without blanks whose names are in the order of their code points, none of them twice.
   *
   * @param view the same bytes
   * @param at where it begins
   * @param found its entries are put behind what this has
   * @returns the position behind it; `undefined` if it is no such object
   * @throws {SyntaxError | TypeError} of an entry that is no JSON in UTF-8
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

  /** An entry that no object had behind the one before. */
  #learn(bytes: Uint8Array, view: DataView, at: number, before: Followed<T>): StoredEntry<T> | undefined {
    if (bytes[at] !== QUOTE) return undefined;
    const colon = behindText(bytes, at);
    if (bytes[colon] !== COLON) return undefined;
    const end = behindValue(bytes, colon + 1);
    if (bytes[end] !== COMMA && bytes[end] !== CLOSE) return undefined;
    const hash = hashOf(bytes, at, end);
    let entry = this.#entries.get(hash);
    while (entry !== undefined && !isAt(view, at, entry)) entry = entry.sameHash;
    entry ??= this.#parse(bytes.subarray(at, end), colon - at, hash);
    if (before.name !== undefined && byCodePoint(before.name, entry.name) >= 0) return undefined;
    remember(before, entry);
    return entry;
  }

  #parse(bytes: Uint8Array, colon: number, hash: number): StoredEntry<T> {
    const text = utf8.decode(bytes);
    const key = text.length === bytes.length ? text.slice(0, colon) : utf8.decode(bytes.subarray(0, colon));
    const name: string = JSON.parse(key);
    const value = this.#narrow(name, JSON.parse(text.slice(key.length + 1)));
    const { view, from } = this.#store.add(bytes);
    const id = this.#ids.idOf(name);
    const entry: StoredEntry<T> = {
      name: this.#ids.nameOf(id),
      id,
      value,
      keyLength: colon,
      view,
      from,
      length: bytes.length,
      likely: undefined,
      others: undefined,
      sameHash: this.#entries.get(hash),
    };
    this.#entries.set(hash, entry);
    return entry;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What was seen behind an entry. Nearly always that is one and the same, and so it has a field of its own. */
interface Followed<T> {
  readonly name: string | undefined;
  likely: StoredEntry<T> | undefined;
  /** The last one first. */
  others: StoredEntry<T>[] | undefined;
}

interface StoredEntry<T> extends KnownEntry<T>, StoredBytes, Followed<T> {
  readonly name: string;
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

/** Whether as many bytes are the same. Both runs must be there. */
export function areEqual(a: DataView, atA: number, b: DataView, atB: number, length: number): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (a.getInt32(atA + i) !== b.getInt32(atB + i)) return false;
  for (; i < length; i++) if (a.getInt8(atA + i) !== b.getInt8(atB + i)) return false;
  return true;
}

interface StoredBytes {
  readonly view: DataView;
  readonly from: number;
  readonly length: number;
}

/** Keeps many short runs of bytes in a few large buffers. */
class ByteStore {
  #bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;

  add(bytes: Uint8Array): Pick<StoredBytes, "view" | "from"> {
    if (this.#used + bytes.length > this.#bytes.length) {
      this.#bytes = new Uint8Array(Math.max(STORE_BYTES, bytes.length));
      this.#view = new DataView(this.#bytes.buffer);
      this.#used = 0;
    }
    const from = this.#used;
    this.#bytes.set(bytes, from);
    this.#used += bytes.length;
    return { view: this.#view, from };
  }
}

const STORE_BYTES = 1024 * 1024;
