import type { OutputDevice, OutputFile, OutputLink, OutputPlain } from "./output-tree.ts";

/** A regular file whose content was read once, for one method. */
export interface ScannedFile extends OutputFile {
  /** By the method's algorithm, lowercase hex; of what is left of the content if a file map matched. */
  readonly digest: string;
  /** Whether a file map matched. The size is then no part of the output hash. */
  readonly isMapped: boolean;
}

export type ManifestEntry = OutputPlain | ScannedFile | OutputLink | OutputDevice;

/** A task's output as one method sees it. Plain data: two of these, diffed, explain why two output hashes differ. */
export interface OutputManifest {
  /** What enters the text, in its order. */
  readonly entries: readonly ManifestEntry[];
}
