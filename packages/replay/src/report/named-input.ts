/** What a flag names beside the history. */
export interface NamedInput {
  readonly flag: string;
  /** As it was named. */
  readonly name: string;
  /** Of the file's bytes; null: it is no file, and whether it is the same elsewhere is not known. */
  readonly sha256: string | null;
}
