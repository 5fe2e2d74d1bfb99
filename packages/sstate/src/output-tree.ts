/** Algorithm of an output hash method: for file contents and for the text alike. */
export type DigestAlgorithm = "sha256" | "sha1";

interface OutputObject {
  /** "." for the directory itself, otherwise "./…". Bytes that are no UTF-8 stand as U+DC80 to U+DCFF, as in Python. */
  readonly path: string;
  /** Permission bits with set-id and sticky bits: 12 bits, as lstat gives them. */
  readonly mode: number;
  /** Name of the user; the id, a number, where it has no name. */
  readonly owner: string | number;
  /** Name of the group; the id, a number, where it has no name. */
  readonly group: string | number;
  /** Modification time in seconds since 1970, with fraction. */
  readonly mtime: number;
}

export interface OutputPlain extends OutputObject {
  readonly type: "dir" | "fifo" | "socket";
}

export interface OutputFile extends OutputObject {
  readonly type: "file";
  /** In bytes. */
  readonly size: number;
}

export interface OutputLink extends OutputObject {
  readonly type: "symlink";
  /** The link's text, whatever it points to. */
  readonly target: string;
  /** Whether it leads to a directory, through other links too. This decides where in the text it comes. */
  readonly toDirectory: boolean;
}

export interface OutputDevice extends OutputObject {
  readonly type: "char" | "block";
  readonly major: number;
  readonly minor: number;
}

/** An object of an output tree, as lstat sees it. */
export type OutputEntry = OutputPlain | OutputFile | OutputLink | OutputDevice;

/**
 * A directory of outputs to be hashed. `@depid/sstate/fs` reads one from disk; `createMemoryTree` makes one of values.
 * Nothing is read before it is asked for, and no content twice.
 */
export interface OutputTree {
  /** Absolute path of the directory, normalised, without "/" at the end. File maps remove it from contents. */
  readonly root: string;
  /** All objects with the directory itself, in any order. Links are not followed. @throws {OutputReadError} */
  entries(): Promise<readonly OutputEntry[]>;
  /** Content of the regular file of this path. @throws {OutputReadError} */
  read(path: string): Promise<Uint8Array>;
  /** Digest of the content of the regular file of this path, lowercase hex. @throws {OutputReadError} */
  digest(path: string, algorithm: DigestAlgorithm): Promise<string>;
}
