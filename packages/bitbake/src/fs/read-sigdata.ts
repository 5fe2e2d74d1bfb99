import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { sha256Hex } from "@depid/hash";
import { BitbakeFileError } from "../file-error.ts";
import { parseSigdata, type Sigdata } from "../sigdata.ts";
import type { SigdataContent } from "../sigdata-content.ts";
import { SigdataParser, sigdataTextOf } from "../sigdata-parser.ts";
import { openUnzstd, type Unzstd } from "../zstd.ts";
import { reasonOf } from "./text-lines.ts";

/** Bytes that a signature file may unpack to; the largest of a core-image-minimal build has 431,377. */
export const SIGDATA_LIMIT = 8 * 1024 * 1024;

let decoder: Promise<Unzstd> | undefined;

function openDecoder(): Promise<Unzstd> {
  decoder ??= openUnzstd(SIGDATA_LIMIT);
  return decoder;
}

/**
 * Reads a signature file: `*.sigdata.*`, `*.sigbasedata.*` or `*.siginfo`.
 *
 * @throws {BitbakeFileError} naming the file, and the key if it is one that makes no sense
 */
export async function readSigdata(file: string): Promise<Sigdata> {
  const unzstd = await openDecoder();
  return parseSigdata(sigdataTextOf(unpack(readBytes(file), file, unzstd), file), file);
}

/** What there is to say about a reader. */
export interface SigdataReaderOptions {
  /** Whether several builds are read: then files with equal bytes are unpacked and parsed once, at some kilobytes of memory for each. */
  readonly builds?: "one" | "several";
}

/** Reads the signature files of builds; what they have in common is parsed once. */
export class SigdataReader {
  readonly #unzstd: Unzstd;
  readonly #parser = new SigdataParser();
  /** By SHA-256 of the bytes as they lie on disk. */
  readonly #seen: Map<string, SigdataContent> | undefined;

  private constructor(unzstd: Unzstd, { builds = "one" }: SigdataReaderOptions) {
    this.#unzstd = unzstd;
    this.#seen = builds === "several" ? new Map() : undefined;
  }

  static async open(options: SigdataReaderOptions = {}): Promise<SigdataReader> {
    return new SigdataReader(await openDecoder(), options);
  }

  /**
   * Reads one file. Without promises: for files of some kilobytes these take longer than the reading.
   *
   * @throws {BitbakeFileError} as `readSigdata` does
   */
  read(file: string): SigdataContent {
    const packed = readBytes(file);
    const key = this.#seen === undefined ? "" : sha256Hex(packed);
    const seen = this.#seen?.get(key);
    if (seen !== undefined) return seen;
    const content = this.#parser.parse(unpack(packed, file, this.#unzstd), file);
    this.#seen?.set(key, content);
    return content;
  }
}

function unpack(packed: Uint8Array, file: string, unzstd: Unzstd): Uint8Array {
  if (packed[0] === PICKLE) throw pickled(file);
  const result = unzstd(packed);
  if ("problem" in result) throw new BitbakeFileError(file, 0, PROBLEMS[result.problem]);
  if (result.bytes[0] === PICKLE) throw pickled(file);
  return result.bytes;
}

/** What a pickle begins with, of protocol 2 and later. */
const PICKLE = 0x80;

const LIMIT = `${SIGDATA_LIMIT / 1024 / 1024} MiB`;

const PROBLEMS = {
  foreign: "expected a signature file (JSON packed with zstd), found other bytes",
  truncated: "the zstd data end too early (truncated?)",
  damaged: "the zstd data are damaged",
  "too large": `unpacks to more than ${LIMIT}, which no signature file does`,
};

function pickled(file: string): BitbakeFileError {
  return new BitbakeFileError(
    file,
    0,
    "is a Python pickle, as BitBake before 2.0 (Yocto 4.0) wrote: reading it would run what it holds. Write the signatures " +
      "anew with BitBake 2.0 or later (bitbake -S none TARGET), or compare these with the bitbake-diffsigs of their time",
  );
}

/** A pipe that nobody writes to is not waited for. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** Files are read into it one after another: what is made of their bytes is made before the next. */
let scratch = new Uint8Array(256 * 1024);

/** The bytes of a file that is no larger than a signature file can be, until the next one is read. */
function readBytes(file: string): Uint8Array {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, OPEN_FLAGS);
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new BitbakeFileError(file, 0, "expected a file, found something else");
    if (status.size > SIGDATA_LIMIT)
      throw new BitbakeFileError(file, 0, `is larger than ${LIMIT}: no signature file is`);
    if (status.size > scratch.length) scratch = new Uint8Array(status.size);
    return scratch.subarray(0, readSync(descriptor, scratch, 0, status.size, null));
  } catch (cause) {
    if (cause instanceof BitbakeFileError) throw cause;
    throw new BitbakeFileError(file, 0, `cannot be read: ${reasonOf(cause)}`, { cause });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
