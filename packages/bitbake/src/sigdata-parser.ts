import { type BaseHash, byCodePoint, sha256Hex } from "@depid/hash";
import type { Variable } from "@depid/task-graph";
import { BitbakeFileError } from "./file-error.ts";
import { BACKSLASH, behindText, behindValue, COLON, COMMA, OPEN, QUOTE } from "./json-bytes.ts";
import { areEqual, KnownEntries, type KnownEntry, NameIds } from "./known-entries.ts";
import { namesOf, parseSigdata, type Sigdata, variableTextOf } from "./sigdata.ts";
import { checkHashes } from "./sigdata-check.ts";
import { contentOf, type SigdataContent, SSTATE_POSTFUNC } from "./sigdata-content.ts";
import { VariablePool } from "./variable-pool.ts";

/**
 * Reads the signature files of one or more builds. Most of a file is variables that other files have, too, in the same bytes: these are
 * parsed once. A file that is not written as BitBake writes it, or makes no sense, goes through `parseSigdata`; the outcome is the same.
 */
export class SigdataParser {
  readonly #pool = new VariablePool();
  readonly #ids = new NameIds();
  readonly #postfunc = this.#ids.idOf(SSTATE_POSTFUNC);
  readonly #deps = new KnownEntries<NamedDeps>(this.#ids, (name, value) => {
    const ids = namesOf(value, notUsual).map((it) => this.#ids.idOf(it));
    const own = this.#ids.idOf(name);
    return {
      names: ids.length === 0 ? NONE : ids.map((id) => this.#ids.nameOf(id)),
      ids: ids.includes(own) ? ids.filter((id) => id !== own) : ids,
    };
  });
  readonly #values = new KnownEntries<KnownValue>(this.#ids, (_name, value) => ({
    text: variableTextOf(value, notUsual),
    variable: undefined,
    named: undefined,
    others: undefined,
  }));
  /** The last `basehash_ignore_vars` that made sense: all files of a build have the same. */
  #ignored = new DataView(new ArrayBuffer(0));
  /** By id of a name, the last file in which a variable names it. */
  #namedIn = new Uint32Array(0);
  #file = 0;

  /**
   * @param bytes the JSON of a signature file
   * @param source what they come from, for messages
   * @throws {BitbakeFileError} naming source and key
   */
  parse(bytes: Uint8Array, source: string): SigdataContent {
    return this.parseUsual(bytes) ?? contentOf(parseSigdata(sigdataTextOf(bytes, source), source), this.#pool);
  }

  /**
   * Reads a file as BitBake writes it: without blanks, names in the order of their code points, and a value for each variable that the
   * task depends on.
   *
   * @returns `undefined` if the file is not so, or makes no sense
   */
  parseUsual(bytes: Uint8Array): SigdataContent | undefined {
    try {
      return this.#parseUsual(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    } catch {
      return undefined; // what is wrong is found out by reading it whole
    }
  }

  #parseUsual(bytes: Uint8Array, view: DataView): SigdataContent | undefined {
    const deps: KnownEntry<NamedDeps>[] = [];
    const values: KnownEntry<KnownValue>[] = [];
    const ranges = new Map<Key, Range>();
    if (bytes[0] !== OPEN) return undefined;
    let at = 0;
    do {
      if (bytes[at + 1] !== QUOTE) return undefined;
      const colon = behindText(bytes, at + 1);
      if (bytes[colon] !== COLON || bytes.subarray(at, colon).includes(BACKSLASH)) return undefined;
      const key = keyAt(bytes, at + 1, colon);
      const to = this.#behindValue(key, view, bytes, colon + 1, deps, values);
      if (to === undefined) return undefined;
      if (key !== undefined) {
        if (ranges.has(key)) return undefined;
        ranges.set(key, { from: colon + 1, to });
      }
      at = to;
    } while (bytes[at] === COMMA);
    const taskdeps = ranges.get("taskdeps");
    if (taskdeps === undefined || !ranges.has("gendeps") || !ranges.has("varvals")) return undefined;
    const { task, basehash, hashed } = this.#parseRest(bytes, view, ranges);
    const own = values.findIndex(({ name }) => name === task);
    if (own < 0 || !areNames(view, taskdeps, values, own)) return undefined;
    const ownBasehash = baseHashOf(values, own);
    return {
      task,
      basehash,
      ownBasehash,
      hashed,
      wrong: checkHashes({ basehash, hashed }, ownBasehash),
      variables: this.#variablesOf(deps, values, own),
      setscene: values.some(({ id }) => id === this.#postfunc),
    };
  }

  #behindValue(
    key: Key | undefined,
    view: DataView,
    bytes: Uint8Array,
    at: number,
    deps: KnownEntry<NamedDeps>[],
    values: KnownEntry<KnownValue>[],
  ): number | undefined {
    if (key === "gendeps") return this.#deps.read(bytes, view, at, deps);
    return key === "varvals" ? this.#values.read(bytes, view, at, values) : behindValue(bytes, at);
  }

  /** The file without what is told by its bytes. */
  #parseRest(bytes: Uint8Array, view: DataView, ranges: Map<Key, Range>): Sigdata {
    const ignored = ranges.get("basehash_ignore_vars");
    if (ignored === undefined || isSame(view, ignored, this.#ignored)) return parseSigdata(without(bytes, ranges), "");
    ranges.delete("basehash_ignore_vars");
    const sigdata = parseSigdata(without(bytes, ranges), "");
    this.#ignored = new DataView(bytes.slice(ignored.from, ignored.to).buffer);
    return sigdata;
  }

  #variablesOf(
    deps: readonly KnownEntry<NamedDeps>[],
    values: readonly KnownEntry<KnownValue>[],
    own: number,
  ): Variable[] {
    const variables = new Array<Variable>(values.length);
    let next = 0;
    for (let i = 0; i < values.length; i++) {
      const entry = values[i] as KnownEntry<KnownValue>;
      while (next < deps.length && isBefore(deps[next] as KnownEntry<NamedDeps>, entry)) next += 1;
      const at = deps[next];
      const names = i === own ? this.#namedByTask(deps, values, own) : at?.id === entry.id ? at.value.names : NONE;
      variables[i] = variableOf(entry, names);
    }
    return variables;
  }

  /** What no other variable names. */
  #namedByTask(
    deps: readonly KnownEntry<NamedDeps>[],
    values: readonly KnownEntry<KnownValue>[],
    own: number,
  ): string[] {
    if (this.#namedIn.length < this.#ids.size) {
      const wider = new Uint32Array(this.#ids.size * 2);
      wider.set(this.#namedIn);
      this.#namedIn = wider;
    }
    const namedIn = this.#namedIn;
    const file = ++this.#file;
    for (const { value } of deps) for (const id of value.ids) namedIn[id] = file;
    const names: string[] = [];
    for (let i = 0; i < values.length; i++) {
      const { id, name } = values[i] as KnownEntry<KnownValue>;
      if (i !== own && namedIn[id] !== file) names.push(name);
    }
    return names;
  }
}

interface NamedDeps {
  readonly names: readonly string[];
  /** Of the names, but that of the variable itself. */
  readonly ids: readonly number[];
}

interface KnownValue {
  readonly text: string | null;
  /** The variable with this text that was last met, and what it names; nearly always it names the same. */
  variable: Variable | undefined;
  named: readonly string[] | undefined;
  others: Variable[] | undefined;
}

/** One object for variables that are equal. */
function variableOf({ name, value }: KnownEntry<KnownValue>, names: readonly string[]): Variable {
  const { variable, named } = value;
  if (variable !== undefined && named === names) return variable;
  if (variable === undefined) {
    value.variable = { name, value: value.text, deps: names };
    value.named = names;
    return value.variable;
  }
  if (isSameList(variable.deps, names)) return variable;
  value.others ??= [];
  let found = value.others.find(({ deps }) => isSameList(deps, names));
  if (found === undefined) {
    found = { name, value: value.text, deps: names };
    value.others.push(found);
  }
  return found;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((it, i) => it === b[i]);
}

/** Where a value is among the bytes of a file. */
interface Range {
  readonly from: number;
  /** Behind it. */
  readonly to: number;
}

/** What most of a file is. */
type Key = "basehash_ignore_vars" | "gendeps" | "taskdeps" | "varvals";

const KEYS = (["basehash_ignore_vars", "gendeps", "taskdeps", "varvals"] as const).map((key) => ({
  key,
  quoted: new TextEncoder().encode(JSON.stringify(key)),
}));

function keyAt(bytes: Uint8Array, from: number, to: number): Key | undefined {
  return KEYS.find(({ quoted }) => quoted.length === to - from && quoted.every((it, i) => it === bytes[from + i]))?.key;
}

function isSame(view: DataView, { from, to }: Range, known: DataView): boolean {
  return to - from === known.byteLength && areEqual(view, from, known, 0, known.byteLength);
}

/** The text of a file with nothing in place of some values, in the order in which they are there. */
function without(bytes: Uint8Array, ranges: ReadonlyMap<Key, Range>): string {
  let text = "";
  let done = 0;
  for (const [key, { from, to }] of ranges) {
    text += utf8.decode(bytes.subarray(done, from)) + (key === "gendeps" || key === "varvals" ? "{}" : "[]");
    done = to;
  }
  return text + utf8.decode(bytes.subarray(done));
}

/** Whether a set has the names of all values but one, in their order. */
function areNames(
  view: DataView,
  { from, to }: Range,
  values: readonly KnownEntry<unknown>[],
  except: number,
): boolean {
  if (to - from < SET_BEGIN.byteLength + SET_END.byteLength) return false;
  if (!areEqual(view, from, SET_BEGIN, 0, SET_BEGIN.byteLength)) return false;
  const begin = from + SET_BEGIN.byteLength;
  let at = begin;
  for (let i = 0; i < values.length; i++) {
    if (i === except) continue;
    const { view: known, from: start, keyLength } = values[i] as KnownEntry<unknown>;
    if (at > begin && view.getUint8(at++) !== COMMA) return false;
    if (at + keyLength >= to || !areEqual(view, at, known, start, keyLength)) return false;
    at += keyLength;
  }
  return to - at === SET_END.byteLength && areEqual(view, at, SET_END, 0, SET_END.byteLength);
}

const SET_BEGIN = new DataView(new TextEncoder().encode('{"_set_object":[').buffer);
const SET_END = new DataView(new TextEncoder().encode("]}").buffer);

function isBefore(a: KnownEntry<unknown>, b: KnownEntry<unknown>): boolean {
  return a.id !== b.id && byCodePoint(a.name, b.name) < 0;
}

/** As `baseHashText` has it. @param own which of the values is that of the task */
function baseHashOf(values: readonly KnownEntry<KnownValue>[], own: number): BaseHash {
  const parts: string[] = [values[own]?.value.text ?? ""];
  for (let i = 0; i < values.length; i++) {
    const { name, value } = values[i] as KnownEntry<KnownValue>;
    if (i !== own) parts.push(name, value.text ?? "");
  }
  return sha256Hex(parts.join("")) as string as BaseHash;
}

function notUsual(problem: string): Error {
  return new TypeError(problem);
}

const NONE: readonly string[] = [];
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of a signature file. @throws {BitbakeFileError} when it is not UTF-8 */
export function sigdataTextOf(bytes: Uint8Array, source: string): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new BitbakeFileError(source, 0, "expected UTF-8 text in the zstd data, found other bytes", { cause });
  }
}
