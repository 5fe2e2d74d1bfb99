import { type BaseHash, byCodePoint, type DepId, isDepId, isTaskName, type TaskHash } from "@depid/hash";
import type { FileChecksum } from "@depid/task-graph";
import { BitbakeFileError, excerptOf } from "./file-error.ts";

/** What a signature file says (signatures.md section 3): `*.sigdata.*`, `*.sigbasedata.*`, `*.siginfo`. */
export interface Sigdata {
  /** Task name, with `do_`. */
  readonly task: string;
  /** `BB_BASEHASH_IGNORE_VARS`, by code point. */
  readonly ignoredVariables: readonly string[];
  readonly basehash: BaseHash;
  /** All variables that the task depends on, directly or not, by code point; never the task itself. */
  readonly taskdeps: readonly string[];
  /** Variables that a variable names, by code point. The task itself and ignored variables have no entry. */
  readonly gendeps: ReadonlyMap<string, readonly string[]>;
  /** Unexpanded text of `taskdeps` and of the task; null if there is none. Numbers and truth values are as Python writes them. */
  readonly varvals: ReadonlyMap<string, string | null>;
  /** What the taskhash was made from; `undefined` in a file that was written when no taskhash was known. */
  readonly hashed: SigdataHash | undefined;
}

export interface SigdataHash {
  /** Dependencies by pnid (`[mc:NAME:]PN:TASK`), with the depids that entered, in the order of hashing. */
  readonly deps: readonly { readonly pnid: string; readonly depid: DepId }[];
  readonly files: readonly FileChecksum[];
  readonly taint: string | undefined;
  readonly taskhash: TaskHash;
  /** After the report of the task's output, if there was one. */
  readonly depid: DepId;
}

/**
 * Reads the JSON text of a signature file. Keys that are not known are passed over; `basewhitelist` is the old name of
 * `basehash_ignore_vars`.
 *
 * @param source what the text comes from, for messages
 * @throws {BitbakeFileError} naming source and key
 */
export function parseSigdata(text: string, source: string): Sigdata {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new BitbakeFileError(source, 0, `expected the JSON of a signature file, found ${excerptOf(text)}`, { cause });
  }
  return new Fields(source, json).sigdata();
}

const SET = "_set_object";

/** What dependencies are named by: `[mc:NAME:]PN:TASK`. */

/** The keys of one file. Written out rather than with a schema library: these loops run over every variable of every task. */
class Fields {
  readonly #source: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(source: string, json: unknown) {
    this.#source = source;
    if (!isObject(json)) throw this.#error("expected a JSON object", json);
    this.#fields = json;
  }

  sigdata(): Sigdata {
    const ignored = this.#get("basehash_ignore_vars") === undefined ? "basewhitelist" : "basehash_ignore_vars";
    return {
      task: this.#text("task"),
      ignoredVariables: this.#set(ignored, this.#get(ignored)),
      basehash: this.#hash("basehash") as string as BaseHash,
      taskdeps: this.#set("taskdeps", this.#get("taskdeps")),
      gendeps: this.#map("gendeps", (key, value) => this.#set(key, value)),
      varvals: this.#map("varvals", (key, value) => this.#value(key, value)),
      hashed: this.#get("taskhash") === undefined ? undefined : this.#hashed(),
    };
  }

  #hashed(): SigdataHash {
    const depids = this.#object("runtaskhashes");
    for (const pnid of Object.keys(depids)) this.#checkedHash("runtaskhashes", depids[pnid]);
    const deps = this.#texts("runtaskdeps", this.#get("runtaskdeps")).map((pnid) => {
      if (!isTaskName(pnid)) throw this.#error("runtaskdeps: expected [mc:NAME:]PN:TASK", pnid);
      if (!Object.hasOwn(depids, pnid))
        throw this.#error(`runtaskhashes: expected a hash for ${excerptOf(pnid)}`, undefined);
      return { pnid, depid: depids[pnid] as DepId };
    });
    const taskhash = this.#hash("taskhash") as string as TaskHash;
    return {
      deps,
      files: this.#files(),
      taint: this.#get("taint") === undefined ? undefined : this.#text("taint"),
      taskhash,
      depid: this.#get("unihash") === undefined ? (taskhash as string as DepId) : this.#hash("unihash"),
    };
  }

  #files(): FileChecksum[] {
    return this.#list("file_checksum_values", this.#get("file_checksum_values")).map((pair): FileChecksum => {
      if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== "string" || !isTextOrNull(pair[1])) {
        throw this.#error("file_checksum_values: expected pairs of a name and a checksum", pair);
      }
      return [pair[0], pair[1]];
    });
  }

  #object(key: string): Readonly<Record<string, unknown>> {
    const value = this.#get(key);
    if (!isObject(value)) throw this.#error(`${key}: expected an object`, value);
    return value;
  }

  #map<T>(key: string, narrow: (path: string, value: unknown) => T): Map<string, T> {
    const value = this.#object(key);
    const map = new Map<string, T>();
    for (const name of Object.keys(value)) map.set(name, narrow(key, value[name]));
    return map;
  }

  #set(path: string, value: unknown): string[] {
    return namesOf(value, (problem, found) => this.#error(`${path}: ${problem}`, found));
  }

  #texts(path: string, value: unknown): string[] {
    return textsOf(value, (problem, found) => this.#error(`${path}: ${problem}`, found));
  }

  #list(path: string, value: unknown): unknown[] {
    return listOf(value, (problem, found) => this.#error(`${path}: ${problem}`, found));
  }

  #value(path: string, value: unknown): string | null {
    return variableTextOf(value, (problem, found) => this.#error(`${path}: ${problem}`, found));
  }

  #text(key: string): string {
    const value = this.#get(key);
    if (typeof value !== "string" || value === "") throw this.#error(`${key}: expected text`, value);
    return value;
  }

  #hash(key: string): DepId {
    return this.#checkedHash(key, this.#get(key));
  }

  #checkedHash(path: string, value: unknown): DepId {
    if (!isDepId(value)) throw this.#error(`${path}: expected 64 lowercase hexadecimal digits`, value);
    return value;
  }

  #get(key: string): unknown {
    return Object.hasOwn(this.#fields, key) ? this.#fields[key] : undefined;
  }

  #error(problem: string, found: unknown): BitbakeFileError {
    return new BitbakeFileError(this.#source, 0, `${problem}, found ${describe(found)}`);
  }
}

/** Makes the error of a value that was found where something else was expected. */
export type Fail = (problem: string, found: unknown) => Error;

/** The names in a set, by code point. A set is written as `{"_set_object": [...]}`; older files have lists. */
export function namesOf(value: unknown, fail: Fail): string[] {
  const names = textsOf(isObject(value) && Object.hasOwn(value, SET) ? value[SET] : value, fail);
  for (let i = 1; i < names.length; i++) {
    if (byCodePoint(names[i - 1] as string, names[i] as string) > 0) return names.sort(byCodePoint);
  }
  return names;
}

/** What is hashed of the value of a variable: numbers and truth values as Python writes them; null is nothing. */
export function variableTextOf(value: unknown, fail: Fail): string | null {
  if (isTextOrNull(value)) return value;
  if (Number.isSafeInteger(value)) return String(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  throw fail("expected texts, whole numbers, truth values or null", value);
}

function textsOf(value: unknown, fail: Fail): string[] {
  const list = listOf(value, fail);
  for (const text of list) if (typeof text !== "string") throw fail("expected texts", text);
  return list as string[];
}

function listOf(value: unknown, fail: Fail): unknown[] {
  if (!Array.isArray(value)) throw fail("expected a list", value);
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return excerptOf(value);
  if (Array.isArray(value)) return "a list";
  return isObject(value) ? "an object" : String(value);
}
