import type { FileMap } from "./file-map.ts";
import type { OutputManifest } from "./output-manifest.ts";
import type { DigestAlgorithm, OutputEntry } from "./output-tree.ts";

/** What besides the tree enters an output hash. The method of 2018 reads `pkgSpec` and `task` alone. */
export interface OutHashSettings {
  /** `SSTATE_PKGSPEC`, or `SSTATE_SWSPEC` for the tasks named by it: an object is restored under its own name only. */
  readonly pkgSpec: string;
  /** With or without `do_`. */
  readonly task: string;
  /** `HASHEQUIV_HASH_VERSION`. */
  readonly hashVersion?: string;
  /** `HASHEQUIV_EXTRA_SIGDATA`. */
  readonly extraSigdata?: string;
  /** Whether the task runs under pseudo (`PSEUDO_DISABLED` is "0"), so that owners mean something. */
  readonly underPseudo: boolean;
  /** `SOURCE_DATE_EPOCH` in seconds since 1970; needed for the task `package`. */
  readonly sourceDateEpoch?: number;
  /** From `SSTATE_HASHEQUIV_FILEMAP`. */
  readonly fileMaps?: readonly FileMap[];
}

/** A way to tell a task's output by one hash (`SSTATE_HASHEQUIV_METHOD`). Pure: reading is left to `scanOutput`. */
export interface OutHashMethod {
  /** Under which servers keep what is reported. */
  readonly name: string;
  /** Whether libraries are told by the symbols that they export: then a tree is read through `createInterfaceTree` (`./fs`). Absent: by their bytes. */
  readonly seesSymbols?: true;
  /** For file contents and for the text. */
  readonly algorithm: DigestAlgorithm;
  /** The maps that apply to file contents. */
  fileMaps(settings: OutHashSettings): readonly FileMap[];
  /**
   * The objects that enter the text, in its order, whatever the order given.
   *
   * @throws {UndecodableNameError}
   * @throws {OutputReadError} for an object of a kind the method cannot hash
   */
  arrange<E extends OutputEntry>(entries: readonly E[]): readonly E[];
  /**
   * The exact text that is hashed, also sent as `outhash_siginfo`. The manifest is one that was scanned for this method.
   *
   * @throws {OutHashSettingsError}
   * @throws {UnknownOwnerError}
   */
  text(manifest: OutputManifest, settings: OutHashSettings): string;
}
