import type { Variable } from "@depid/task-graph";
import { BitbakeFileError } from "./file-error.ts";
import { areEqual, GrowingInts } from "./growing-bytes.ts";
import { BACKSLASH, behindText, behindValue, COLON, COMMA, OPEN, QUOTE } from "./json-bytes.ts";
import { KnownVariables } from "./known-variables.ts";
import { SET_BEGIN, SET_END } from "./plain-set.ts";
import { parseSigdata, type Sigdata } from "./sigdata.ts";
import { checkHashes } from "./sigdata-check.ts";
import { contentOf, type SigdataContent, SSTATE_POSTFUNC } from "./sigdata-content.ts";
import { VariablePool } from "./variable-pool.ts";

/**
 * Reads the signature files of one or more builds. Most of a file is variables that other files have, too, in the same bytes: these are
 * parsed once. A file that is not written as BitBake writes it, or makes no sense, goes through `parseSigdata`; the outcome is the same.
 */
export class SigdataParser {
  readonly #pool = new VariablePool();
  readonly #known = new KnownVariables();
  /** Entries of the file that is being read. */
  readonly #deps = new GrowingInts();
  readonly #values = new GrowingInts();
  /** The last `basehash_ignore_vars` that made sense: all files of a build have the same. */
  #ignored = new DataView(new ArrayBuffer(0));

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
    this.#deps.clear();
    this.#values.clear();
    const ranges = new Map<Key, Range>();
    if (bytes[0] !== OPEN) return undefined;
    let at = 0;
    do {
      if (bytes[at + 1] !== QUOTE) return undefined;
      const colon = behindText(bytes, at + 1);
      if (bytes[colon] !== COLON || bytes.subarray(at, colon).includes(BACKSLASH)) return undefined;
      const key = keyAt(bytes, at + 1, colon);
      const to = this.#behindValue(key, view, bytes, colon + 1);
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
    const own = this.#placeOf(quoted(task));
    if (own < 0 || !this.#areNames(view, taskdeps, own)) return undefined;
    const known = this.#known;
    const ownBasehash = known.baseHashOf(this.#values, own);
    const [deps, values] = [this.#deps.slice(), this.#values.slice()];
    const wrong = checkHashes({ basehash, hashed }, ownBasehash);
    const setscene = this.#placeOf(POSTFUNC) >= 0;
    const told = { task, basehash, ownBasehash, hashed, wrong, setscene };
    return new KnownContent(told, () => known.variablesOf(deps, values, own));
  }

  #behindValue(key: Key | undefined, view: DataView, bytes: Uint8Array, at: number): number | undefined {
    if (key === "gendeps") return this.#known.deps.read(bytes, view, at, this.#deps);
    return key === "varvals" ? this.#known.values.read(bytes, view, at, this.#values) : behindValue(bytes, at);
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

  /** Which of the values has a name; -1 if none has. */
  #placeOf(name: DataView): number {
    const { ints, length } = this.#values;
    for (let i = 0; i < length; i++) if (this.#known.values.hasName(ints[i] as number, name)) return i;
    return -1;
  }

  /** Whether a set has the names of all values but one, in their order. */
  #areNames(view: DataView, { from, to }: Range, except: number): boolean {
    if (to - from < SET_BEGIN.byteLength + SET_END.byteLength) return false;
    if (!areEqual(view, from, SET_BEGIN, 0, SET_BEGIN.byteLength)) return false;
    const { ints, length } = this.#values;
    const begin = from + SET_BEGIN.byteLength;
    let at: number | undefined = begin;
    for (let i = 0; i < length; i++) {
      if (i === except) continue;
      if (at > begin && view.getUint8(at++) !== COMMA) return false;
      at = this.#known.values.behindName(ints[i] as number, view, at);
      if (at === undefined || at >= to) return false;
    }
    return to - at === SET_END.byteLength && areEqual(view, at, SET_END, 0, SET_END.byteLength);
  }
}

/** What a file holds; its variables are made when they are asked for. */
class KnownContent implements SigdataContent {
  readonly task;
  readonly basehash;
  readonly ownBasehash;
  readonly hashed;
  readonly wrong;
  readonly setscene;
  declare readonly variables: readonly Variable[];
  readonly #make: () => readonly Variable[];
  #variables: readonly Variable[] | undefined;

  constructor(told: Omit<SigdataContent, "variables">, make: () => readonly Variable[]) {
    this.task = told.task;
    this.basehash = told.basehash;
    this.ownBasehash = told.ownBasehash;
    this.hashed = told.hashed;
    this.wrong = told.wrong;
    this.setscene = told.setscene;
    this.#make = make;
    Object.defineProperty(this, "variables", KnownContent.#VARIABLES);
  }

  /** One for all: with a getter of its own each would be a dictionary. */
  static readonly #VARIABLES = {
    enumerable: true,
    get(this: KnownContent): readonly Variable[] {
      this.#variables ??= this.#make();
      return this.#variables;
    },
  };
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

/** The bytes of a name as JSON has it. */
function quoted(name: string): DataView {
  return new DataView(new TextEncoder().encode(JSON.stringify(name)).buffer);
}

const POSTFUNC = quoted(SSTATE_POSTFUNC);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of a signature file. @throws {BitbakeFileError} when it is not UTF-8 */
export function sigdataTextOf(bytes: Uint8Array, source: string): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new BitbakeFileError(source, 0, "expected UTF-8 text in the zstd data, found other bytes", { cause });
  }
}
