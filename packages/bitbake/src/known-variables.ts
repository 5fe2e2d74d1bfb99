import { type BaseHash, sha256Hex } from "@depid/hash";
import type { Variable } from "@depid/task-graph";
import { GrowingBytes, GrowingInts } from "./growing-bytes.ts";
import { KnownEntries, type RawEntry } from "./known-entries.ts";
import { isPlainSet } from "./plain-set.ts";
import { isPlainText } from "./plain-text.ts";
import { namesOf, variableTextOf } from "./sigdata.ts";

/**
 * The variables of the tasks of a build: what they name (`gendeps`) and their texts (`varvals`), each once. Most are never shown, and so
 * names and texts are made when they are asked for.
 */
export class KnownVariables {
  readonly deps = new KnownEntries(checkDeps);
  readonly values = new KnownEntries((entry) => this.#keep(entry));
  /** Of each value, name and text in UTF-8, as they are hashed. */
  readonly #hashed = new GrowingBytes();
  /** Where these begin, and where the text begins; of the value behind the last one, where they end. */
  readonly #places = new GrowingInts();
  readonly #joined = new GrowingBytes(256 * 1024);
  readonly #names = new Map<number, readonly string[]>();
  /** By number of the value; nearly always all tasks name the same in it. */
  readonly #variables = new Map<number, Variable[]>();

  constructor() {
    for (let i = 0; i < 3; i++) this.#places.push(0); // no value has number 0
  }

  /**
   * The basehash of a task: the SHA-256 of what `baseHashText` gives.
   *
   * @param values all of them, in their order
   * @param own which of them is the task itself
   */
  baseHashOf(values: GrowingInts, own: number): BaseHash {
    const [joined, { ints: numbers, length }] = [this.#joined, values];
    const { view } = this.#hashed;
    const { ints: places } = this.#places;
    const task = (numbers[own] as number) * 2;
    joined.clear();
    joined.append(view, places[task + 1] as number, places[task + 2] as number);
    for (let i = 0; i < length; i++) {
      if (i === own) continue;
      const place = (numbers[i] as number) * 2;
      joined.append(view, places[place] as number, places[place + 2] as number);
    }
    return sha256Hex(joined.bytes) as string as BaseHash;
  }

  /**
   * The variables of a task, by code point of the name; the task itself names those of which no other variable tells that it names them.
   *
   * @param own which of the values is that of the task
   */
  variablesOf(deps: Int32Array, values: Int32Array, own: number): Variable[] {
    const names = Array.from(values, (it) => this.values.nameOf(it));
    const ofName = new Map(Array.from(deps, (it) => [this.deps.nameOf(it), this.#namesOf(it)]));
    const named = new Set<string>();
    for (const [variable, those] of ofName) for (const name of those) if (name !== variable) named.add(name);
    const byTask = names.filter((name, i) => i !== own && !named.has(name));
    return names.map((name, i) =>
      this.#variableOf(values[i] as number, name, (i === own ? byTask : ofName.get(name)) ?? NO_NAMES),
    );
  }

  /** Checks a value and keeps what is hashed of it. */
  #keep({ bytes, view, at, colon, end }: RawEntry): void {
    const hashed = this.#hashed;
    const isPlain = isPlainText(bytes, colon + 1, end);
    const text = isPlain ? null : textOf(utf8.decode(bytes.subarray(colon + 1, end)));
    hashed.append(view, at + 1, colon - 1);
    const textFrom = hashed.length;
    if (isPlain) hashed.append(view, colon + 2, end - 1);
    else if (text !== null) {
      const encoded = encoder.encode(text);
      hashed.append(new DataView(encoded.buffer, encoded.byteOffset), 0, encoded.length);
    }
    this.#places.push(textFrom);
    this.#places.push(hashed.length);
  }

  #namesOf(deps: number): readonly string[] {
    let names = this.#names.get(deps);
    if (names === undefined) {
      names = namesOf(JSON.parse(this.deps.jsonOf(deps)), notUsual);
      this.#names.set(deps, names);
    }
    return names;
  }

  /** One object for variables that are equal. */
  #variableOf(value: number, name: string, deps: readonly string[]): Variable {
    const known = this.#variables.get(value);
    const found = known?.find((it) => it.deps === deps || isSameList(it.deps, deps));
    if (found !== undefined) return found;
    const variable = {
      name,
      value: known?.[0] === undefined ? textOf(this.values.jsonOf(value)) : known[0].value,
      deps,
    };
    if (known === undefined) this.#variables.set(value, [variable]);
    else known.push(variable);
    return variable;
  }
}

const NO_NAMES: readonly string[] = [];
const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws {TypeError | SyntaxError} when it is nothing that a variable has */
function textOf(json: string): string | null {
  return json === "null" ? null : variableTextOf(JSON.parse(json), notUsual);
}

/** @throws {TypeError | SyntaxError} when it is no set of names */
function checkDeps({ bytes, view, colon, end }: RawEntry): void {
  if (!isPlainSet(bytes, view, colon + 1, end))
    namesOf(JSON.parse(utf8.decode(bytes.subarray(colon + 1, end))), notUsual);
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((it, i) => it === b[i]);
}

function notUsual(problem: string): Error {
  return new TypeError(problem);
}
