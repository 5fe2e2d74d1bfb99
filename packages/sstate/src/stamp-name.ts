import { type BaseHash, type DepId, formatSetscene, type StampHash, type TaskHash } from "@depid/hash";

/** A task's own stamp, or the one which says that it was restored. */
export type StampVariant = "real" | "setscene";

/** A task as its stamps know it. */
export interface StampedTask {
  /** `STAMP` as expanded, such as `tmp/stamps/core2-64-poky-linux/expat/2.8.2`. */
  readonly stamp: string;
  /** With `do_`, without `_setscene`. */
  readonly task: string;
  /** Flag `stamp-extra-info`, for example the machine. */
  readonly extraInfo?: string;
}

/** The hashes a task has now. */
export interface StampHashes {
  readonly taskhash: TaskHash;
  readonly depid: DepId;
}

/**
 * Name of the stamp of a task with these hashes (signatures.md section 4). The setscene variant has the hash and the
 * extra info of the task itself. Trailing dots are stripped, as BitBake does to what an empty extra info leaves.
 */
export function formatStampName(
  of: StampedTask,
  carries: StampHash,
  hashes: StampHashes,
  variant: StampVariant = "real",
): string {
  const hash = carries === "none" ? "" : `${hashes[carries]}.`;
  return stripDots(`${prefixOf(of, variant)}${hash}${of.extraInfo ?? ""}`);
}

/**
 * Whether a file name is a stamp of this task, of whatever hash, and of which variant. Signature data and taint files
 * lie beside stamps and are none; they outlive them. A stamp of no extra info is found under any, as BitBake's mask is
 * `<STAMP>.<task>.*`.
 *
 * @returns `undefined` for anything else
 */
export function findStampVariant(name: string, of: StampedTask, carries: StampHash): StampVariant | undefined {
  if (isStampOf(name, of, carries, "real")) return "real";
  return isStampOf(name, of, carries, "setscene") ? "setscene" : undefined;
}

/** File whose presence and content taint a task (`-f`, `-C`). */
export function formatTaintName(of: StampedTask): string {
  return `${prefixOf(of, "real")}taint`;
}

/** Signature data of a task that was stamped, or written by `-S none` (signatures.md section 3). */
export function formatSigdataName(of: StampedTask, depid: DepId): string {
  return `${prefixOf(of, "real")}sigdata.${depid}`;
}

/** Signature data of a task without a taskhash. */
export function formatSigbasedataName(of: StampedTask, basehash: BaseHash): string {
  return `${prefixOf(of, "real")}sigbasedata.${basehash}`;
}

function prefixOf(of: StampedTask, variant: StampVariant): string {
  return `${of.stamp}.${variant === "setscene" ? formatSetscene(of.task) : of.task}.`;
}

function isStampOf(name: string, of: StampedTask, carries: StampHash, variant: StampVariant): boolean {
  const prefix = prefixOf(of, variant);
  const extra = stripDots(of.extraInfo ?? "");
  if (carries === "none") return name === stripDots(`${prefix}${extra}`);
  if (!name.startsWith(prefix)) return false;
  const rest = name.slice(prefix.length);
  if (rest.includes("/") || rest.includes("sigdata") || rest.includes("sigbasedata") || rest.endsWith(".taint"))
    return false;
  return rest !== "taint" && (extra === "" || rest.endsWith(`.${extra}`));
}

function stripDots(text: string): string {
  return text.replace(/\.+$/, "");
}
