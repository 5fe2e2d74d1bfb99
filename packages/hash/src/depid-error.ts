/** Where something is that is not as expected; of what is not known, nothing. */
export interface Place {
  /** File or folder, or what the text came from. */
  readonly source?: string;
  /** Counted from 1; 0 when the whole is meant. */
  readonly line?: number;
  /** Key of a document, or name of a setting. */
  readonly field?: string;
}

/** What was to be there, in words, and what was there instead. */
export interface Expectation {
  readonly expected: string;
  readonly found: unknown;
}

/**
 * What the packages throw of which somebody outside of the program is the cause, and can mend it: a file, a setting, a server, an
 * argument. The message says in one line where, what was expected and what was found. Nothing else is one: what the system refuses
 * is told apart by `isSystemError`, and what remains, such as a TypeError, is a bug and told as that.
 */
export abstract class DepidError extends Error {
  /** The kind: a word for each class, which stays. */
  abstract readonly code: string;
  readonly place: Place;
  /** The message without the place. */
  readonly problem: string;
  /** The same taken apart, if it was told so. */
  readonly expectation: Expectation | undefined;

  constructor(problem: string | Expectation, { source, line, field, ...options }: Place & ErrorOptions = {}) {
    const place: Place = {
      ...(source === undefined ? {} : { source }),
      ...(line === undefined ? {} : { line }),
      ...(field === undefined ? {} : { field }),
    };
    const told = typeof problem === "string" ? problem : formatExpectation(problem);
    super(`${formatPlace(place)}${told}`, options);
    this.name = new.target.name;
    this.place = place;
    this.problem = told;
    this.expectation = typeof problem === "string" ? undefined : problem;
  }
}

/** Text or a file that makes no sense. The message names it, the line if there is one, and what was expected. */
export abstract class SourceError extends DepidError {
  /** @param line counted from 1; 0 when the whole is meant */
  constructor(source: string, line: number, problem: string | Expectation, options?: ErrorOptions) {
    super(problem, { source, line, ...options });
  }
}

/** Whether the system refused something, such as a file that is not there: neither a bug nor, as such, a mistake of the user. */
export function isSystemError(error: unknown): error is Error & { readonly code: string; readonly syscall: string } {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}

/** Codes of Node that tell of data from outside: bytes that are no text, no certificate, or too many. SQLite's code is the same for all it says of a database. */
const OF_DATA =
  /^(?:Z_\w+|ERR_SQLITE_ERROR|ERR_ENCODING_INVALID_ENCODED_DATA|ERR_BUFFER_TOO_LARGE|ERR_STRING_TOO_LONG|ERR_FS_FILE_TOO_LARGE|ERR_OSSL_\w+)$/;

/**
 * What an error says of a file or a peer: one of ours, of the system, of zlib, of SQLite.
 *
 * @throws the error itself if it is none of these: a bug is not told as though what was read were wrong
 */
export function outsideReason(error: unknown): string {
  if (error instanceof DepidError || isSystemError(error)) return error.message;
  if (error instanceof Error && "code" in error && OF_DATA.test(String(error.code))) return error.message;
  throw error;
}

/** A text in a message, on one line: names of files may hold anything. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function formatPlace({ source, line = 0, field = "" }: Place): string {
  const where = source === undefined ? "" : `${printable(source)}${line > 0 ? `:${line}` : ""}: `;
  return `${where}${field === "" ? "" : `${field}: `}`;
}

function formatExpectation({ expected, found }: Expectation): string {
  return `expected ${expected}, found ${showValue(found)}`;
}

/** A value in a message: a text quoted, at most 80 characters. */
export function showValue(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
