import { IrreproducibleError } from "../errors.ts";
import { YamlText } from "../yaml-text.ts";
import type { IrreproducibleRule } from "./irreproducible.ts";
import { irreproducibleSchema } from "./irreproducible-schema.ts";

/**
 * Reads which tasks are not reproducible (YAML, `depid-irreproducible/1`).
 *
 * @param source what the text came from, for messages
 * @throws {IrreproducibleError} naming source, line, column and field
 */
export function parseIrreproducible(text: string, source: string): readonly IrreproducibleRule[] {
  const { tasks } = new YamlText(text, source, IrreproducibleError).parse(irreproducibleSchema);
  return tasks.map(({ does = "propagating", ...rule }) => ({ ...rule, does }));
}
