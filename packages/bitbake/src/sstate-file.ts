import type { ObjectName, SstateFileKind } from "@depid/sstate";

/** A file of an sstate directory, by its path and what the system tells of it. */
export interface SstateFile {
  /** Relative to the directory. */
  readonly path: string;
  readonly kind: SstateFileKind;
  /** What the name tells, of an object and what lies beside it. */
  readonly name?: ObjectName;
  /** `undefined` if the file is a link to nowhere. */
  readonly bytes: number | undefined;
  /** Whether we may read it. */
  readonly readable: boolean;
  /** Milliseconds since 1970. */
  readonly modified: number;
}
