import { sha256Hex } from "@depid/hash";

/** What a test says of a signature file; the rest is made up, and the hashes follow. */
export interface SigdataSketch {
  readonly task?: string;
  /** Text of the task and of the variables it depends on, with what they name. */
  readonly variables?: Readonly<Record<string, { readonly value: string | null; readonly deps?: readonly string[] }>>;
  /** Depids that enter, by pnid, in the order of hashing. */
  readonly deps?: Readonly<Record<string, string>>;
  readonly files?: readonly (readonly [name: string, checksum: string | null])[];
  readonly taint?: string;
}

/** The keys of a signature file, with hashes that follow from its content as BitBake computes them. */
export function sketchSigdata({ task = "do_x", variables = {}, deps = {}, files = [], taint }: SigdataSketch = {}) {
  const texts = new Map(Object.entries(variables).map(([name, { value }]) => [name, value]));
  const taskdeps = [...texts.keys()].filter((name) => name !== task).sort();
  const basehash = sha256Hex(
    `${texts.get(task) ?? ""}${taskdeps.map((name) => `${name}${texts.get(name) ?? ""}`).join("")}`,
  );
  const checksums = files.map(([name, sum]) => (sum === null ? "" : `${name.startsWith("./") ? name : ""}${sum}`));
  const hashedTaint = taint?.replace(/^nostamp:/, "") ?? "";
  const taskhash = sha256Hex(`${basehash}${Object.values(deps).join("")}${checksums.join("")}${hashedTaint}`);
  return {
    basehash,
    basehash_ignore_vars: setOf(["TMPDIR"]),
    file_checksum_values: files,
    gendeps: Object.fromEntries(taskdeps.map((name) => [name, setOf(variables[name]?.deps ?? [])])),
    runtaskdeps: Object.keys(deps),
    runtaskhashes: deps,
    task,
    taskdeps: setOf(taskdeps),
    taskhash,
    taskhash_ignore_tasks: null,
    ...(taint === undefined ? {} : { taint }),
    unihash: taskhash,
    varvals: Object.fromEntries(texts),
  };
}

function setOf(names: readonly string[]) {
  return { _set_object: names };
}

/** A zstd frame that holds bytes as they are (RFC 8878 section 3.1.1): a Node of version 20 has no zstd to pack with. */
export function packZstd(content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const blocks: number[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += BLOCK) {
    const piece = bytes.subarray(at, at + BLOCK);
    blocks.push(...blockHeader(piece.length, 0, at + BLOCK >= bytes.length), ...piece);
  }
  return Uint8Array.from([...MAGIC, ...WINDOW, ...blocks]);
}

/** A zstd frame of a few bytes per 64 KiB, all of which are the same byte: a zip bomb. */
export function packBomb(size: number, byte = 0x20): Uint8Array {
  const blocks: number[] = [];
  for (let at = 0; at < size; at += BLOCK) blocks.push(...blockHeader(BLOCK, 1, at + BLOCK >= size), byte);
  return Uint8Array.from([...MAGIC, ...WINDOW, ...blocks]);
}

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** No sizes and no checksum; a window of 128 KiB. */
const WINDOW = [0x00, 0x38];
const BLOCK = 64 * 1024;

function blockHeader(size: number, type: number, last: boolean): number[] {
  const header = (size << 3) | (type << 1) | (last ? 1 : 0);
  return [header & 0xff, (header >> 8) & 0xff, header >> 16];
}
