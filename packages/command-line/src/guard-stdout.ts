import { BAD_USAGE } from "./program.ts";

/** What is written at first, alone: whether somebody took that tells a reader that has seen enough from one that never was. */
const FIRST = 512;

/**
 * Has a program end in one line and exit status 2 when its output cannot be written: a full disk, a pipe that nobody reads. A reader
 * that has taken the beginning and then closed the pipe has seen enough: then the program ends quietly with status 0.
 *
 * stdout that was closed before the program began is not seen: Node opens `/dev/null` in its place.
 */
export function guardStdout(name: string): void {
  const { stdout } = process;
  const write = stdout.write.bind(stdout) as (chunk: string | Uint8Array, ...rest: unknown[]) => boolean;
  let begun = false;
  let taken = false;
  stdout.write = ((chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    if (begun || chunk.length === 0) return write(chunk, ...rest);
    begun = true;
    const note = (error?: Error | null) => {
      taken = error === undefined || error === null;
    };
    if (chunk.length <= FIRST) {
      const done = rest.find((it) => typeof it === "function") as ((error?: Error | null) => void) | undefined;
      const others = rest.filter((it) => typeof it !== "function");
      return write(chunk, ...others, (error?: Error | null) => {
        note(error);
        done?.(error);
      });
    }
    write(chunk.slice(0, FIRST), ...rest.filter((it) => typeof it !== "function"), note);
    return write(chunk.slice(FIRST), ...rest);
  }) as typeof stdout.write;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" && taken) process.exit(0);
    const reason = REASONS[error.code ?? ""] ?? error.message;
    process.stderr.write(`${name}: stdout cannot be written: ${reason}\n`);
    process.exit(BAD_USAGE);
  });
  // What cannot be told cannot be told: a log that nobody takes any more ends nothing.
  process.stderr.on("error", () => {});
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the device",
  EPIPE: "nobody reads it",
  EBADF: "it is closed",
  EIO: "an error of the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would become too big",
};
