import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { byCodePoint } from "@depid/hash";
import { digestHex } from "../digest.ts";
import { OutputReadError } from "../errors.ts";
import type { OutputEntry, OutputTree } from "../output-tree.ts";

/** Libraries by their names: shared ones, and archives of objects. */
const LIBRARY = /\.(?:so(?:\.[\w.]+)?|a)$/;

/** Bytes of what is told of one library. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The symbols that a library exports, a line each; `undefined` if the file is none. @param file its path on disk */
export type ListSymbols = (file: string) => Promise<string | undefined>;

/**
 * A directory in which a library holds the names of the symbols that it exports in place of its content: what programs are linked against, and no code. A
 * file that is named as a library and is none, a script of a linker say, is as it is.
 *
 * @param tree of the directory
 */
export function createInterfaceTree(tree: OutputTree, listSymbols: ListSymbols = listByNm): OutputTree {
  const symbols = new Map<string, Uint8Array>();
  return {
    root: tree.root,
    async entries() {
      const entries: OutputEntry[] = [];
      for (const entry of await tree.entries()) {
        const isLibrary = entry.type === "file" && LIBRARY.test(entry.path);
        const text = isLibrary ? await listSymbols(`${tree.root}/${entry.path}`) : undefined;
        if (text === undefined || entry.type !== "file") entries.push(entry);
        else {
          const bytes = new TextEncoder().encode(text);
          symbols.set(entry.path, bytes);
          entries.push({ ...entry, size: bytes.length });
        }
      }
      return entries;
    },
    read: async (path) => symbols.get(path) ?? tree.read(path),
    async digest(path, algorithm) {
      const bytes = symbols.get(path);
      return bytes === undefined ? tree.digest(path, algorithm) : digestHex(algorithm, bytes);
    },
  };
}

/** By `nm` of binutils, in its portable format. @throws {OutputReadError} where there is none */
async function listByNm(file: string): Promise<string | undefined> {
  const dynamic = file.endsWith(".a") ? [] : ["-D"];
  const args = [...dynamic, "--defined-only", "--extern-only", "--format=posix", "--", file];
  try {
    const { stdout } = await promisify(execFile)("nm", args, {
      maxBuffer: MOST_BYTES,
      env: { ...process.env, LC_ALL: "C" },
    });
    return symbolsIn(stdout);
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    // It tells what it cannot read by its exit status.
    if (code === 1) return undefined;
    if (code !== "ENOENT") throw cause;
    throw new OutputReadError(file, "expected nm (binutils), which lists symbols of libraries, found no such program", {
      cause,
    });
  }
}

/** Names and kinds, without addresses and sizes, by code point. @param text lines `NAME TYPE VALUE SIZE`, and of archives names of members */
function symbolsIn(text: string): string {
  const lines = text.split("\n").flatMap((line) => /^(\S+ [A-Za-z])(?: |$)/.exec(line)?.[1] ?? []);
  return [...new Set(lines)]
    .sort(byCodePoint)
    .map((it) => `${it}\n`)
    .join("");
}
