import { type BaseHash, sha256Hex } from "@depid/hash";
import { areEqual, ByteJoiner, ByteStore } from "./byte-store.ts";
import { BitbakeFileError } from "./file-error.ts";
import { BACKSLASH, behindText, behindValue, COLON, COMMA, OPEN, QUOTE } from "./json-bytes.ts";
import { hasName, KnownEntries, type KnownEntry } from "./known-entries.ts";
import { KnownDeps, KnownValue } from "./known-variables.ts";
import { parseSigdata, type Sigdata } from "./sigdata.ts";
import { checkHashes } from "./sigdata-check.ts";
import { contentOf, type SigdataContent, SSTATE_POSTFUNC } from "./sigdata-content.ts";
import { UsualVariables } from "./usual-variables.ts";
import { VariablePool } from "./variable-pool.ts";

/**
 * Reads the signature files of one or more builds. Most of a file is variables that other files have, too, in the same bytes: these are
 * parsed once. A file that is not written as BitBake writes it, or makes no sense, goes through `parseSigdata`; the outcome is the same.
 */
export class SigdataParser {
  readonly #pool = new VariablePool();
  readonly #store = new ByteStore();
  readonly #deps = new KnownEntries((raw) => KnownDeps.of(raw, this.#store));
  readonly #values = new KnownEntries((raw) => KnownValue.of(raw, this.#store));
  readonly #hashed = new ByteJoiner();
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
    const deps: KnownEntry<KnownDeps>[] = [];
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
    const name = quoted(task);
    const own = values.findIndex((it) => hasName(it, name));
    if (own < 0 || !areNames(view, taskdeps, values, own)) return undefined;
    const ownBasehash = this.#baseHashOf(values, own);
    const variables = new UsualVariables(this.#deps, this.#values, { deps, values, own });
    return {
      task,
      basehash,
      ownBasehash,
      hashed,
      wrong: checkHashes({ basehash, hashed }, ownBasehash),
      get variables() {
        return variables.all;
      },
      setscene: values.some((it) => hasName(it, POSTFUNC)),
    };
  }

  #behindValue(
    key: Key | undefined,
    view: DataView,
    bytes: Uint8Array,
    at: number,
    deps: KnownEntry<KnownDeps>[],
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

  /** As `baseHashText` has it. @param own which of the values is that of the task */
  #baseHashOf(values: readonly KnownEntry<KnownValue>[], own: number): BaseHash {
    const joiner = this.#hashed;
    joiner.clear();
    const { hashed, nameLength } = (values[own] as KnownEntry<KnownValue>).value;
    joiner.append(hashed.view, hashed.from + nameLength, hashed.length - nameLength);
    for (let i = 0; i < values.length; i++) {
      if (i === own) continue;
      const { view, from, length } = (values[i] as KnownEntry<KnownValue>).value.hashed;
      joiner.append(view, from, length);
    }
    return sha256Hex(joiner.joined) as string as BaseHash;
  }
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
