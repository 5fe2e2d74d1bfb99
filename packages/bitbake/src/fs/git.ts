import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { dirname, resolve } from "node:path";
import { BitbakeFileError } from "../file-error.ts";

/** Bytes of a file in a repository, at most. */
const MAX_BLOB_BYTES = 256 * 1024 * 1024;
/** Characters of what git says that a message repeats. */
const MAX_COMPLAINT = 300;
const LF = 10;

/**
 * A repository, read by the git program. Nothing that the repository configures is run: no shell, no pager, no hook, no
 * fetching of what is missing; and no repository further up is found.
 */
export class GitRepository {
  readonly #directory: string;

  /** @param directory a work tree, or a bare repository */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** What git prints, by line. @throws {BitbakeFileError} with what git complains of */
  async lines(...args: readonly string[]): Promise<readonly string[]> {
    const { child, ended } = this.#run(args);
    child.stdin.end();
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    await ended;
    return Buffer.concat(chunks).toString("utf8").split("\n").slice(0, -1);
  }

  /**
   * The contents of files of commits, one after another, in the order of the list.
   *
   * @param objects as `<commit>:<path>`
   * @returns null for what is not there, or is no file
   * @throws {BitbakeFileError}
   */
  async *files(objects: readonly string[]): AsyncGenerator<Buffer | null> {
    const { child, ended } = this.#run(["cat-file", "--batch"]);
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

  /** @returns the program, and a promise of its end, which fails with what it complains of */
  #run(args: readonly string[]) {
    const safe = ["-c", "protocol.allow=never", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
    const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...environment } = process.env;
    const directory = resolve(this.#directory);
    const env = {
      ...environment,
      LC_ALL: "C",
      GIT_CEILING_DIRECTORIES: dirname(directory),
      GIT_NO_LAZY_FETCH: "1",
      GIT_OPTIONAL_LOCKS: "0",
      GIT_TERMINAL_PROMPT: "0",
    };
    const child = spawn("git", [...safe, "--no-pager", "-C", directory, ...args], { env });
    child.stdin.on("error", () => {}); // git may end before it has read all; its complaint says why
    const complaint: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (text: string) => complaint.push(text));
    const ended = new Promise<void>((end, fail) => {
      child.on("error", (cause) => fail(this.#error("the program git cannot be run", { cause })));
      child.on("close", (code) => {
        const text = complaint.join("").trim().split("\n")[0] ?? "";
        if (code === 0) end();
        else fail(this.#error(`git: ${text.slice(0, MAX_COMPLAINT) || `ended with ${code}`}`));
      });
    });
    return { child, ended };
  }

  #error(problem: string, options?: ErrorOptions): BitbakeFileError {
    return new BitbakeFileError(this.#directory, 0, problem, options);
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
