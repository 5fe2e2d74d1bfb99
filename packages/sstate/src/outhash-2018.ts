import { OutputReadError } from "./errors.ts";
import { OUTHASH_TITLE } from "./outhash-basic.ts";
import type { OutHashMethod, OutHashSettings } from "./outhash-method.ts";
import type { ManifestEntry, OutputManifest, ScannedFile } from "./output-manifest.ts";
import type { OutputDevice, OutputEntry, OutputLink } from "./output-tree.ts";
import { sstateTaskOf } from "./sstate-task.ts";
import { checkTarget, walkOrder } from "./walk-order.ts";

/**
 * `OEOuthashBasic` of the RFC of July 2018 (origins.md section 1). The RFC gave it the name that today's function has;
 * it carries the year here, so that a server keeps the two apart.
 *
 * Where the RFC would have opened a character device as a file, it is treated as a block device. A fifo or socket,
 * on which the RFC's function would have hung or failed, is refused.
 */
export const outHash2018: OutHashMethod = {
  name: `${OUTHASH_TITLE}-2018`,
  algorithm: "sha1",
  fileMaps: () => [],
  arrange: arrange2018,
  text: rfc2018OutHashText,
};

/** The text that the method of 2018 hashes; its SHA-1 is the outhash. */
export function rfc2018OutHashText(manifest: OutputManifest, settings: OutHashSettings): string {
  const header = [OUTHASH_TITLE, `SSTATE_PKGSPEC=${settings.pkgSpec}`, `task=${sstateTaskOf(settings.task)}`];
  return [...header, ...manifest.entries.filter(isHashable).flatMap(entryLines), ""].join("\n");
}

/** Files alone: directories, empty ones too, and links to directories contribute nothing. */
function arrange2018<E extends OutputEntry>(entries: readonly E[]): readonly E[] {
  const files = walkOrder(entries).flatMap((listing) => listing.files);
  for (const file of files) {
    checkTarget(file);
    if (file.type === "fifo" || file.type === "socket")
      throw new OutputReadError(file.path, `expected no ${file.type}: the output hash of 2018 cannot read one`);
  }
  return files;
}

/** The bits of `S_IFMT`, as stat.h has them on Linux, of what can be hashed. */
const TYPE_BITS = { char: 0x2000, block: 0x6000, file: 0x8000, symlink: 0xa000 } as const;

type Hashable = ScannedFile | OutputLink | OutputDevice;

function entryLines(entry: Hashable): readonly string[] {
  return [
    entry.path,
    `\tmode=0x${entry.mode.toString(16)}`,
    `\ttype=0x${TYPE_BITS[entry.type].toString(16)}`,
    `\t${contentOf(entry)}`,
  ];
}

function contentOf(entry: Hashable): string {
  if (entry.type === "file") return `digest=${entry.digest}`;
  return entry.type === "symlink" ? `symlink=${entry.target}` : `dev=${entry.major},${entry.minor}`;
}

/** True for all that `arrange2018` lets through. */
function isHashable(entry: ManifestEntry): entry is Hashable {
  return entry.type in TYPE_BITS;
}
