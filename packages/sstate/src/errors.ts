/** An sstate object name that cannot be made: too long even when cut, or its `SSTATE_PKGSPEC` lacks fields. */
export class SstateNameError extends Error {
  readonly code = "SSTATE_NAME";
  constructor(message: string) {
    super(`sstate object name: ${message}`);
    this.name = "SstateNameError";
  }
}

/** Text that was to be a `BB_HASHFILENAME` and is none. */
export class HashFnError extends Error {
  readonly code = "HASHFN";
  readonly found: unknown;
  constructor(found: unknown) {
    super(`hashfn: expected "<True|False> <SSTATE_PKGSPEC> <SSTATE_SWSPEC>", found ${show(found)}`);
    this.name = "HashFnError";
    this.found = found;
  }
}

/** A value as a message shows it: quoted, at most 80 characters. */
export function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** A name or link target in an output tree which is not UTF-8: no output hash can be told (signatures.md section 6). */
export class UndecodableNameError extends Error {
  readonly code = "UNDECODABLE_NAME";
  readonly path: string;
  constructor(path: string, what: "name" | "link target", text: string) {
    super(`${showBytes(path)}: expected a ${what} in UTF-8, found ${showBytes(JSON.stringify(text))}`);
    this.name = "UndecodableNameError";
    this.path = path;
  }
}

/** An object of an output tree whose owner or group has no name, where names are part of the output hash. */
export class UnknownOwnerError extends Error {
  readonly code = "UNKNOWN_OWNER";
  readonly path: string;
  constructor(path: string, what: "owner" | "group", id: number) {
    super(
      `${path}: ${what} ${id} has no name; the build host's ids leaked into the output, or other account files apply`,
    );
    this.name = "UnknownOwnerError";
    this.path = path;
  }
}

/** Settings from which the output hash of this task cannot be told. */
export class OutHashSettingsError extends Error {
  readonly code = "OUTHASH_SETTINGS";
  constructor(message: string) {
    super(`output hash: ${message}`);
    this.name = "OutHashSettingsError";
  }
}

/** A regular expression of `SSTATE_HASHEQUIV_FILEMAP` which Python rejects, or which has no like in JavaScript. */
export class FileMapError extends Error {
  readonly code = "FILE_MAP";
  constructor(regex: string, at: number, problem: string) {
    super(`SSTATE_HASHEQUIV_FILEMAP: regular expression ${show(regex)}: ${problem} at byte ${at}`);
    this.name = "FileMapError";
  }
}

/** An object of an output tree that cannot be read, or is of a kind that the method cannot hash. */
export class OutputReadError extends Error {
  readonly code = "OUTPUT_READ";
  readonly path: string;
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${showBytes(path)}: ${problem}`, options);
    this.name = "OutputReadError";
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
