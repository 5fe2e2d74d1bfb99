import type { Variable } from "@depid/task-graph";
import type { ByteStore, StoredBytes } from "./byte-store.ts";
import { COMMA, QUOTE } from "./json-bytes.ts";
import type { RawEntry } from "./known-entries.ts";
import { isPlainText, textOf } from "./plain-text.ts";
import { namesOf, variableTextOf } from "./sigdata.ts";

/** What a variable names. Most sets are never asked for, and so their names are read when they are. */
export class KnownDeps {
  static readonly NONE = new KnownDeps(undefined);
  readonly #set: StoredBytes | undefined;
  #names: readonly string[] | undefined;

  /** @param set JSON that is known to be a set of plain names */
  private constructor(set: StoredBytes | undefined) {
    this.#set = set;
  }

  /**
   * Narrows a value of `gendeps`.
   *
   * @throws {TypeError | SyntaxError} when it is no set of names
   */
  static of({ bytes, colon, end }: RawEntry, store: ByteStore): KnownDeps {
    if (isPlainSet(bytes, colon + 1, end)) {
      return end - colon - 1 === EMPTY_SET ? KnownDeps.NONE : new KnownDeps(store.add(bytes, colon + 1, end));
    }
    const deps = new KnownDeps(undefined);
    deps.#names = namesOf(JSON.parse(utf8.decode(bytes.subarray(colon + 1, end))), notUsual);
    return deps;
  }

  /** By code point. */
  get names(): readonly string[] {
    this.#names ??=
      this.#set === undefined
        ? NO_NAMES
        : namesOf(JSON.parse(textOf(this.#set.view, this.#set.from, this.#set.length)), notUsual);
    return this.#names;
  }
}

/** The text of a variable, as it enters a basehash and as it is told. */
export class KnownValue {
  /** Name and text in UTF-8, as they are hashed. */
  readonly hashed: StoredBytes;
  /** Bytes of the name among them. */
  readonly nameLength: number;
  #name: string | undefined;
  #text: string | null | undefined;
  /** The variable with this text that was last asked for, and what it names; nearly always it names the same. */
  #variable: Variable | undefined;
  #others: Variable[] | undefined;

  private constructor(hashed: StoredBytes, nameLength: number, text: string | null | undefined) {
    this.hashed = hashed;
    this.nameLength = nameLength;
    this.#text = text;
  }

  /**
   * Narrows a value of `varvals`.
   *
   * @throws {TypeError | SyntaxError} when it is none that a variable has
   */
  static of({ bytes, at, colon, end }: RawEntry, store: ByteStore): KnownValue {
    const nameLength = colon - at - 2;
    if (isPlainText(bytes, colon + 1, end)) {
      const hashed = store.join(bytes, [at + 1, colon - 1], bytes, [colon + 2, end - 1]);
      return new KnownValue(hashed, nameLength, undefined);
    }
    const text =
      end - colon - 1 === NULL.length && isThere(NULL, bytes, colon + 1)
        ? null
        : variableTextOf(JSON.parse(utf8.decode(bytes.subarray(colon + 1, end))), notUsual);
    const encoded = text === null ? NULL.subarray(0, 0) : encoder.encode(text);
    return new KnownValue(store.join(bytes, [at + 1, colon - 1], encoded, [0, encoded.length]), nameLength, text);
  }

  /** Of the variable. */
  get name(): string {
    this.#name ??= textOf(this.hashed.view, this.hashed.from, this.nameLength);
    return this.#name;
  }

  get text(): string | null {
    if (this.#text === undefined) {
      const { view, from, length } = this.hashed;
      this.#text = textOf(view, from + this.nameLength, length - this.nameLength);
    }
    return this.#text;
  }

  /** One object for variables that are equal. */
  variableOf(deps: readonly string[]): Variable {
    const { name } = this;
    const last = this.#variable;
    if (last === undefined) {
      this.#variable = { name, value: this.text, deps };
      return this.#variable;
    }
    if (last.deps === deps || isSameList(last.deps, deps)) return last;
    this.#others ??= [];
    let found = this.#others.find((it) => isSameList(it.deps, deps));
    if (found === undefined) {
      found = { name, value: this.text, deps };
      this.#others.push(found);
    }
    return found;
  }
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((it, i) => it === b[i]);
}

const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const NULL = encoder.encode("null");
const SET_BEGIN = encoder.encode('{"_set_object":[');
const SET_END = encoder.encode("]}");
const EMPTY_SET = SET_BEGIN.length + SET_END.length;
const NO_NAMES: readonly string[] = [];

/** Whether bytes are a set, as BitBake writes it, of plain texts. */
function isPlainSet(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < EMPTY_SET || !isThere(SET_BEGIN, bytes, from) || !isThere(SET_END, bytes, to - SET_END.length)) {
    return false;
  }
  const end = to - SET_END.length;
  for (let at = from + SET_BEGIN.length; at < end; ) {
    const quote = bytes.indexOf(QUOTE, at + 1);
    if (quote < 0 || quote >= end || !isPlainText(bytes, at, quote + 1)) return false;
    at = quote + 1;
    if (at === end) return true;
    if (bytes[at++] !== COMMA) return false;
  }
  return to - from === EMPTY_SET;
}

function isThere(wanted: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < wanted.length; i++) if (wanted[i] !== bytes[at + i]) return false;
  return true;
}

function notUsual(problem: string): Error {
  return new TypeError(problem);
}
