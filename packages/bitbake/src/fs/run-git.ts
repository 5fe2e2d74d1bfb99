import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { dirname, resolve } from "node:path";
import { BitbakeFileError } from "../file-error.ts";

/** Characters of what git says that a message repeats. */
const MAX_COMPLAINT = 300;

/** What a look into a repository needs beside the repository. */
export interface GitOptions {
  /** Whether the directory may lie in a work tree; otherwise it must be one, or a bare repository. */
  readonly searchUp?: boolean;
  /** Whether git may copy from another repository of this machine. */
  readonly readFiles?: boolean;
}

/** Settings that keep git from running or fetching anything by itself. */
const SAFE = [
  "-c",
  "protocol.allow=never",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.hooksPath=/dev/null",
  "--no-pager",
];

/** Variables by which whoever runs us may have pointed git at another repository (`git rev-parse --local-env-vars`). */
const OF_OTHER_REPOSITORIES: ReadonlySet<string> = new Set([
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_PREFIX",
  "GIT_NAMESPACE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_SHALLOW_FILE",
  "GIT_GRAFT_FILE",
]);

/**
 * Runs the git program: the one place that does. Nothing that a repository configures is run: no shell, no pager, no hook, no question at a
 * terminal, no fetching of what is missing. Names that come from outside belong behind `--end-of-options` or `--`.
 *
 * @returns the program, and a promise of its end, which fails with a {@link BitbakeFileError}: the directory, and what git complains of
 */
export function runGit(
  directory: string,
  args: readonly string[],
  { searchUp = false, readFiles = false }: GitOptions = {},
): { readonly child: ChildProcessWithoutNullStreams; readonly ended: Promise<void> } {
  const path = resolve(directory);
  const inherited = Object.entries(process.env).filter(([name]) => !OF_OTHER_REPOSITORIES.has(name));
  const env = {
    ...Object.fromEntries(inherited),
    LC_ALL: "C",
    ...(searchUp ? {} : { GIT_CEILING_DIRECTORIES: dirname(path) }),
    GIT_NO_LAZY_FETCH: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
  };
  const copying = readFiles ? ["-c", "protocol.file.allow=always"] : [];
  const child = spawn("git", [...SAFE, ...copying, "-C", path, ...args], { env });
  child.stdin.on("error", () => {}); // git may end before it has read all; its complaint says why
  const complaint: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => complaint.push(text));
  const fault = (problem: string, options?: ErrorOptions) => new BitbakeFileError(directory, 0, problem, options);
  const ended = new Promise<void>((end, fail) => {
    child.on("error", (cause) => fail(fault("the program git cannot be run", { cause })));
    child.on("close", (code) => {
      const text = complaint.join("").trim().split("\n")[0] ?? "";
      if (code === 0) end();
      else fail(fault(`git: ${text.slice(0, MAX_COMPLAINT) || `ended with ${code}`}`));
    });
  });
  return { child, ended };
}

/** What git prints, without the last line end. @throws {BitbakeFileError} naming the directory, with what git complains of */
export async function readGit(directory: string, args: readonly string[], options?: GitOptions): Promise<string> {
  const { child, ended } = runGit(directory, args, options);
  child.stdin.end();
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await ended;
  return Buffer.concat(chunks).toString("utf8").replace(/\n$/, "");
}
