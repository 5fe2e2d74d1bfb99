import { closeSync, openSync, readSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { SharedFile } from "./shared-file.ts";

/** Pages that are looked at besides the first and the last: one of a half that was overwritten is among them, but for one time in four thousand million. */
const PAGES = 32;
/** Bytes of the header of the file, of its log, and of each frame of the log. */
const HEADER = 100;
const LOG_HEADER = 32;
const FRAME_HEADER = 24;
/** Of the header that says how it is written to: through a write-ahead log. */
const LOGGED = 2;
/** Milliseconds in which a log may have been emptied twice, and nobody can tell by its time. */
const RECENT_MS = 100;
/** Bytes of the log read in one go, about. */
const CHUNK = 1 << 20;

const NONE: ReadonlyMap<number, Buffer> = new Map();

/** Pages of the file, by number from 1 on, as they were. */
interface Kept {
  readonly pageSize: number;
  /** Of the whole file, a part of one included. */
  readonly pageCount: number;
  readonly pages: ReadonlyMap<number, Buffer>;
  /** Which log there was then; undefined where nobody can tell it from others. */
  readonly log: string | undefined;
}

/**
 * Some pages of a database file, to tell who has changed it. SQLite puts into the file what is in its log, page by page, and
 * keeps the log until it begins another; so a page that has changed, or is new, and is not in the log was put there by somebody else. The
 * form of both files is SQLite's (sqlite.org/fileformat2.html).
 */
export class FilePages {
  readonly #file: SharedFile;
  readonly #log: string;
  readonly #random: () => number;
  #kept: Kept | undefined;

  /**
   * @param path of the file itself, no link
   * @param random gives numbers from 0 up to 1
   * @throws what the system throws
   */
  constructor(path: string, random: () => number = Math.random) {
    this.#file = new SharedFile(path);
    this.#log = `${path}-wal`;
    this.#random = random;
  }

  /** Remembers some pages as they are. @throws what the system throws */
  keep(): void {
    const log = this.#tellLog();
    const { pageSize } = parseHeader(this.#file.read(0, HEADER)) ?? {};
    if (pageSize === undefined) {
      this.#kept = undefined;
      return;
    }
    const pageCount = this.#countPages(pageSize);
    const pages = this.#readPages(this.#choose(1, pageCount), pageSize);
    this.#kept = { pageSize, pageCount, pages, log };
  }

  /** Whether another log was begun since pages were remembered, by which alone nobody can tell who changes them. @throws what the system throws */
  hasAnotherLog(): boolean {
    return this.#kept !== undefined && this.#tellLog() !== this.#kept.log;
  }

  /**
   * Finds pages that are other than they were, or new; none that SQLite has cut off, and no new ones without anything in them: SQLite makes
   * a file longer before it writes them.
   *
   * @returns them as they are, by number. @throws what the system throws
   */
  findChanged(): Map<number, Buffer> {
    if (this.#kept === undefined) return new Map();
    const { pages, pageSize, pageCount } = this.#kept;
    const now = this.#readPages(
      [...pages.keys(), ...this.#choose(pageCount + 1, this.#countPages(pageSize))],
      pageSize,
    );
    const told = parseHeader(this.#file.read(0, HEADER))?.pageCount ?? Number.POSITIVE_INFINITY;
    const isCutOff = (number: number, page: Buffer) => page.length === 0 && number > told;
    const isNothing = (number: number, page: Buffer) => number > pageCount && page.every((byte) => byte === 0);
    return new Map(
      [...now].filter(
        ([number, page]) => !(pages.get(number)?.equals(page) || isCutOff(number, page) || isNothing(number, page)),
      ),
    );
  }

  /**
   * Finds those of these pages that were not put there by SQLite. Not what nobody can tell: another log was begun since pages were remembered.
   *
   * @throws what the system throws
   */
  async findForeign(changed: ReadonlyMap<number, Buffer>): Promise<ReadonlyMap<number, Buffer>> {
    const { log, pageSize = 0 } = this.#kept ?? {};
    if (changed.size === 0 || log === undefined) return NONE;
    const missing = await this.#findMissingInLog(changed, pageSize);
    // Looked at behind the rest: what was overwritten meanwhile is in another log.
    return this.#tellLog() === log ? missing : NONE;
  }

  /** To be called when SQLite has closed the file. */
  close(): void {
    this.#file.close();
  }

  #countPages(pageSize: number): number {
    return Math.ceil(this.#file.size / pageSize);
  }

  /** The first and the last of these numbers, and some of those between. */
  #choose(first: number, last: number): Set<number> {
    if (first > last) return new Set();
    const some = Array.from({ length: PAGES }, () => first + Math.floor(this.#random() * (last - first + 1)));
    return new Set([first, last, ...some]);
  }

  #readPages(numbers: Iterable<number>, pageSize: number): Map<number, Buffer> {
    return new Map(Array.from(numbers, (number) => [number, this.#file.read((number - 1) * pageSize, pageSize)]));
  }

  /** Those of these pages that the log has not, as they are here. */
  async #findMissingInLog(pages: ReadonlyMap<number, Buffer>, pageSize: number): Promise<Map<number, Buffer>> {
    const missing = new Map(pages);
    const log = await open(this.#log).catch(() => undefined);
    if (log === undefined) return missing;
    const frameSize = FRAME_HEADER + pageSize;
    const chunk = Buffer.allocUnsafe(Math.max(1, Math.floor(CHUNK / frameSize)) * frameSize);
    try {
      for (let at = LOG_HEADER, length = frameSize; length >= frameSize && missing.size > 0; at += chunk.length) {
        length = (await log.read(chunk, 0, chunk.length, at)).bytesRead;
        for (let frame = 0; frame + frameSize <= length; frame += frameSize) {
          const number = chunk.readUInt32BE(frame);
          if (missing.get(number)?.equals(chunk.subarray(frame + FRAME_HEADER, frame + frameSize)))
            missing.delete(number);
        }
      }
    } finally {
      // No lock is on the log itself: it may be closed.
      await log.close();
    }
    return missing;
  }

  /** By its header, which has numbers that each log has for itself; one that is empty by when it became so, unless that was just now. */
  #tellLog(): string | undefined {
    const { size, mtimeMs } = statSync(this.#log, { throwIfNoEntry: false }) ?? {};
    if (size === undefined || mtimeMs === undefined) return undefined;
    if (size === 0) return Date.now() - mtimeMs < RECENT_MS ? undefined : String(mtimeMs);
    const descriptor = openSync(this.#log, "r");
    try {
      const header = Buffer.alloc(LOG_HEADER);
      return header.toString("hex", 0, readSync(descriptor, header));
    } finally {
      closeSync(descriptor);
    }
  }
}

interface Header {
  /** Bytes. */
  readonly pageSize: number;
  readonly pageCount: number;
}

/** @returns undefined where SQLite writes to the file itself, or it is none of its files */
function parseHeader(bytes: Buffer): Header | undefined {
  if (bytes.length < HEADER || !bytes.toString("latin1").startsWith("SQLite format 3\0")) return undefined;
  if (bytes[18] !== LOGGED) return undefined;
  const pageSize = bytes.readUInt16BE(16);
  return { pageSize: pageSize === 1 ? 65_536 : pageSize, pageCount: bytes.readUInt32BE(28) };
}
