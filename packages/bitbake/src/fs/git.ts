import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { BitbakeFileError } from "../file-error.ts";
import { readGit, runGit } from "./run-git.ts";

/** Bytes of a file in a repository, at most. */
const MAX_BLOB_BYTES = 256 * 1024 * 1024;
const LF = 10;

/** A repository, read by the git program; none further up is found. */
export class GitRepository {
  readonly #directory: string;

  /** @param directory a work tree, or a bare repository */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** What git prints, by line. @throws {BitbakeFileError} with what git complains of */
  async lines(...args: readonly string[]): Promise<readonly string[]> {
    const text = await readGit(this.#directory, args);
    return text === "" ? [] : text.split("\n");
  }

  /**
   * The contents of files of commits, one after another, in the order of the list.
   *
   * @param objects as `<commit>:<path>`
   * @returns null for what is not there, or is no file
   * @throws {BitbakeFileError}
   */
  async *files(objects: readonly string[]): AsyncGenerator<Buffer | null> {
    const { child, ended } = runGit(this.#directory, ["cat-file", "--batch"]);
    ended.catch(() => {}); // told when a line is missing
    const reader = new BlockReader(child);
    try {
      for (const object of objects) {
        child.stdin.write(`${object}\n`);
        const header = await reader.line();
        if (header === undefined) {
          await ended;
          throw this.#error("git ended too early");
        }
        const [, type, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(header) ?? [];
        if (type === undefined) {
          yield null;
          continue;
        }
        if (Number(size) > MAX_BLOB_BYTES)
          throw this.#error(`${object}: ${size} bytes: expected at most ${MAX_BLOB_BYTES}`);
        const content = await reader.bytes(Number(size) + 1);
        yield type === "blob" ? content.subarray(0, -1) : null;
      }
    } finally {
      child.stdin.end();
      child.kill();
    }
  }

  #error(problem: string): BitbakeFileError {
    return new BitbakeFileError(this.#directory, 0, problem);
  }
}

/** Takes lines and blocks of bytes from what a program prints. */
class BlockReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#chunks = (child.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** Without its end; `undefined` at the end of all. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#held.indexOf(LF);
      if (end !== -1) {
        const line = this.#held.toString("utf8", 0, end);
        this.#held = this.#held.subarray(end + 1);
        return line;
      }
      const { value, done } = await this.#chunks.next();
      if (done) return undefined;
      this.#held = Buffer.concat([this.#held, value]);
    }
  }

  async bytes(count: number): Promise<Buffer> {
    const parts = [this.#held];
    let size = this.#held.length;
    while (size < count) {
      const { value, done } = await this.#chunks.next();
      if (done) break;
      parts.push(value);
      size += value.length;
    }
    const all = Buffer.concat(parts);
    this.#held = all.subarray(count);
    return all.subarray(0, count);
  }
}
