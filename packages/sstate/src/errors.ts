import { DepidError, showValue } from "@depid/hash";

/** An sstate object name that cannot be made: too long even when cut, or its `SSTATE_PKGSPEC` lacks fields. */
export class SstateNameError extends DepidError {
  readonly code = "SSTATE_NAME";
  constructor(message: string) {
    super(message, { field: "sstate object name" });
  }
}

/** Text that was to be a `BB_HASHFILENAME` and is none. */
export class HashFnError extends DepidError {
  readonly code = "HASHFN";
  constructor(found: unknown) {
    super({ expected: '"<True|False> <SSTATE_PKGSPEC> <SSTATE_SWSPEC>"', found }, { field: "hashfn" });
  }
}

/** A name or link target in an output tree which is not UTF-8: no output hash can be told (signatures.md section 6). */
export class UndecodableNameError extends DepidError {
  readonly code = "UNDECODABLE_NAME";
  constructor(path: string, what: "name" | "link target", text: string) {
    super(`expected a ${what} in UTF-8, found ${showBytes(JSON.stringify(text))}`, { source: showBytes(path) });
  }
}

/** An object of an output tree whose owner or group has no name, where names are part of the output hash. */
export class UnknownOwnerError extends DepidError {
  readonly code = "UNKNOWN_OWNER";
  constructor(path: string, what: "owner" | "group", id: number) {
    super(`${what} ${id} has no name; the build host's ids leaked into the output, or other account files apply`, {
      source: path,
    });
  }
}

/** Settings from which the output hash of this task cannot be told. */
export class OutHashSettingsError extends DepidError {
  readonly code = "OUTHASH_SETTINGS";
  constructor(message: string) {
    super(message, { field: "output hash" });
  }
}

/** A regular expression of `SSTATE_HASHEQUIV_FILEMAP` which Python rejects, or which has no like in JavaScript. */
export class FileMapError extends DepidError {
  readonly code = "FILE_MAP";
  constructor(regex: string, at: number, problem: string) {
    super(`regular expression ${showValue(regex)}: ${problem} at byte ${at}`, { field: "SSTATE_HASHEQUIV_FILEMAP" });
  }
}

/** An object of an output tree that cannot be read, or is of a kind that the method cannot hash. */
export class OutputReadError extends DepidError {
  readonly code = "OUTPUT_READ";
  /** As the tree has it: bytes that are no UTF-8 are kept as U+DC80 to U+DCFF. */
  readonly path: string;
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(problem, { source: showBytes(path), ...options });
    this.path = path;
  }
}

/** Bytes that are no UTF-8 are kept in names as U+DC80 to U+DCFF; a message shows them as `\xNN`. */
function showBytes(text: string): string {
  return text.replace(/\p{Surrogate}|\\ud[89a-f][0-9a-f]{2}/giu, (found) => {
    const unit = found.length === 1 ? found.charCodeAt(0) : Number.parseInt(found.slice(2), 16);
    return `\\x${(unit & 0xff).toString(16).padStart(2, "0")}`;
  });
}

/** An sstate object that cannot be written or unpacked. The message names its file. */
export class ObjectArchiveError extends DepidError {
  readonly code = "OBJECT_ARCHIVE";
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(problem, { source: file, ...options });
  }
}
