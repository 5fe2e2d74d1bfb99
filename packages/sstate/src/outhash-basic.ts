import { OutHashSettingsError, UnknownOwnerError } from "./errors.ts";
import type { OutHashMethod, OutHashSettings } from "./outhash-method.ts";
import type { ManifestEntry, OutputManifest } from "./output-manifest.ts";
import type { OutputEntry } from "./output-tree.ts";
import { sstateTaskOf } from "./sstate-task.ts";
import { checkTarget, nameOf, walkOrder } from "./walk-order.ts";

/** First line of the text that is hashed: what the function of OE-Core is called. */
export const OUTHASH_TITLE = "OEOuthashBasic";

/** `OEOuthashBasic` of OE-Core as of BitBake 2.19.0 (signatures.md section 6). */
export const outHashBasic: OutHashMethod = {
  name: `oe.sstatesig.${OUTHASH_TITLE}`,
  algorithm: "sha256",
  fileMaps: (settings) => settings.fileMaps ?? [],
  arrange: arrangeBasic,
  text: outHashText,
};

/**
 * The text that `OEOuthashBasic` hashes; its SHA-256 is the outhash.
 *
 * @throws {OutHashSettingsError} for the task `package` without `sourceDateEpoch`
 * @throws {UnknownOwnerError} when owners count and an id has no name
 */
export function outHashText(manifest: OutputManifest, settings: OutHashSettings): string {
  const rules = rulesOf(settings);
  const counted = manifest.entries.filter((entry) => rules.withRoot || entry.path !== ".");
  return [...headerLines(settings), ...counted.map((entry) => entryLine(entry, rules)), ""].join("\n");
}

/** A directory, its files, its links to directories; files called `fixmepath` are left out at every level. */
function arrangeBasic<E extends OutputEntry>(entries: readonly E[]): readonly E[] {
  const counted = walkOrder(entries).flatMap(({ directory, files, linksToDirectories }) => [
    directory,
    ...files.filter((file) => nameOf(file.path) !== "fixmepath"),
    ...linksToDirectories,
  ]);
  counted.forEach(checkTarget);
  return counted;
}

/** What the task decides about the lines. */
interface Rules {
  readonly withOwners: boolean;
  readonly withRoot: boolean;
  /** Times are shown, and none later than this. */
  readonly latestTime: number | undefined;
}

function rulesOf(settings: OutHashSettings): Rules {
  const task = sstateTaskOf(settings.task);
  const isPackage = task === "package";
  if (isPackage && settings.sourceDateEpoch === undefined)
    throw new OutHashSettingsError("expected SOURCE_DATE_EPOCH for the task package, found none");
  return {
    withOwners: settings.underPseudo && task !== "package_qa" && !task.includes("package_write_"),
    withRoot: !isPackage,
    latestTime: isPackage ? settings.sourceDateEpoch : undefined,
  };
}

function headerLines(settings: OutHashSettings): readonly string[] {
  return [
    OUTHASH_TITLE,
    ...lineIfSet(settings.hashVersion),
    ...lineIfSet(settings.extraSigdata),
    `SSTATE_PKGSPEC=${settings.pkgSpec}`,
    `task=${sstateTaskOf(settings.task)}`,
  ];
}

/** "" counts as not set. */
function lineIfSet(text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : [text];
}

const TYPE_LETTERS = { dir: "d", char: "c", block: "b", socket: "s", symlink: "l", fifo: "p", file: "-" } as const;

function entryLine(entry: ManifestEntry, rules: Rules): string {
  const columns = [
    TYPE_LETTERS[entry.type] + ownerBits(entry.mode) + (rules.withOwners ? groupAndOtherBits(entry.mode) : ""),
    ...(rules.withOwners ? [ownerName(entry, "owner"), ownerName(entry, "group")] : []),
    ...(rules.latestTime === undefined ? [] : [right(formatTime(entry.mtime, rules.latestTime), 10)]),
    right("major" in entry ? `${entry.major}.${entry.minor}` : "", 9),
    right(entry.type === "file" && !entry.isMapped ? entry.size : "", 10),
    right(entry.type === "file" ? entry.digest : "", 64),
    entry.path,
  ];
  return columns.join(" ") + (entry.type === "symlink" ? ` -> ${entry.target}` : "");
}

/** As `%10d` of Python writes it. A limit that is no number does not limit. */
function formatTime(mtime: number, latest: number): string {
  const seconds = Math.trunc(Number.isNaN(latest) ? mtime : Math.min(mtime, latest));
  if (Number.isFinite(seconds)) return BigInt(seconds).toString();
  throw new OutHashSettingsError("expected a finite SOURCE_DATE_EPOCH for the task package, found -inf");
}

function ownerBits(mode: number): string {
  return bit(mode, 0o400, "r") + bit(mode, 0o200, "w") + executeBit(mode, 0o100, 0o4000);
}

/** A sticky bit hides whether others may execute. */
function groupAndOtherBits(mode: number): string {
  const group = bit(mode, 0o040, "r") + bit(mode, 0o020, "w") + executeBit(mode, 0o010, 0o2000);
  return group + bit(mode, 0o004, "r") + bit(mode, 0o002, "w") + (mode & 0o1000 ? "t" : bit(mode, 0o001, "x"));
}

function executeBit(mode: number, execute: number, setId: number): string {
  return mode & setId ? bit(mode, execute, "s", "S") : bit(mode, execute, "x");
}

function bit(mode: number, mask: number, on: string, off = "-"): string {
  return mode & mask ? on : off;
}

function ownerName(entry: ManifestEntry, what: "owner" | "group"): string {
  const name = entry[what];
  if (typeof name === "number") throw new UnknownOwnerError(entry.path, what, name);
  return right(name, 10);
}

/** Right-aligned in a field of this many code points; what is longer stays whole. */
function right(value: string | number, width: number): string {
  const text = String(value);
  return " ".repeat(Math.max(width - Array.from(text).length, 0)) + text;
}
