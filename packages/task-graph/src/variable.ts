/** A variable, function or task as it enters basehashes. Tasks that share it share the object. */
export interface Variable {
  readonly name: string;
  /** Its text, unexpanded; null if it has none, and then only the name is hashed (signatures.md section 1). */
  readonly value: string | null;
  /** Variables that it names, by code point. */
  readonly deps: readonly string[];
}
