import type { BaseHash, Tid } from "@depid/hash";
import type { Variable } from "./variable.ts";

/**
 * A file that enters the taskhash, as `[name, checksum]`. The name is the base name, or `./rest` for a file of a checksummed
 * directory; only the latter form is hashed itself. A null checksum (a file that is missing) contributes nothing
 * (signatures.md section 2).
 */
export type FileChecksum = readonly [name: string, checksum: string | null];

/** One task of a capture: all that its hashes, its stamps and its sstate object are made from. */
export interface Task {
  readonly tid: Tid;
  /** Recipe name. */
  readonly pn: string;
  /** Task name, with `do_`. */
  readonly task: string;
  /** `PE:PV-PR` of the recipe. */
  readonly version: string;
  readonly basehash: BaseHash;
  /** Tasks whose depids enter the taskhash, in the order of hashing; the handler's filter is applied already. */
  readonly hashdeps: readonly Tid[];
  /** Tasks that must be complete before this one runs. */
  readonly execdeps: readonly Tid[];
  /**
   * Hard dependencies: setscene tasks that must be decided before this one is restored, and without which it cannot be
   * (`do_x_setscene[depends]`, runqueue.md section 6). By code point.
   */
  readonly harddeps: readonly Tid[];
  /** In the order of hashing. */
  readonly files: readonly FileChecksum[];
  /** Content of the taint file; `nostamp:UUID` for a task that is tainted for being nostamp. */
  readonly taint: string | undefined;
  /** Whether the task can be restored from an sstate object. */
  readonly setscene: boolean;
  /** Whether the task runs in every build. */
  readonly nostamp: boolean;
  /** Whether the task has nothing to execute and is only stamped. */
  readonly noexec: boolean;
  /** Stamp base (STAMP), relative to the stamps directory. */
  readonly stamp: string;
  /** `stamp-extra-info`; "" if none. */
  readonly stampExtra: string;
  /** `BB_HASHFILENAME`: `<True if a distribution directory is used> <SSTATE_PKGSPEC> <SSTATE_SWSPEC>`; "" if unknown. */
  readonly hashfn: string;
  /** What the basehash was computed from, by code point of the name; `undefined` if that was not recorded. */
  readonly variables?: readonly Variable[] | undefined;
}
