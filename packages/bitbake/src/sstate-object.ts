import type { ObjectName } from "@depid/sstate";

/** An sstate object as its name says it, with what lies beside it. One row of the table `objects`. */
export interface SstateObjectRow extends ObjectName {
  /** Where it lies below the sstate directory, without `.siginfo`, `.sig`: `[DISTRIBUTION/]ab/cd/sstate:…tar.zst`. */
  readonly path: string;
  /** NATIVELSBSTRING of the folder it lies in; "" for objects of the target and of tasks named by SSTATE_SWSPEC. */
  readonly distribution: string;
  /** Bytes of the archive; null if there is none, as for tasks that keep their signature data alone. */
  readonly size: number | null;
  /** Bytes of the signature data beside it; null if there are none. */
  readonly siginfo: number | null;
  /** Bytes of the detached GnuPG signature; null if there is none. */
  readonly sig: number | null;
  /** When the newest of these files was written or last used (BitBake touches what it finds): seconds since 1970. */
  readonly modified: number;
  /** Whether the archive is a symbolic link, as BitBake makes for objects of a mirror that is a directory. */
  readonly link: boolean;
}
