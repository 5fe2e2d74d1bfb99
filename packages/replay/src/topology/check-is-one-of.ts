import type { YamlPath, YamlText } from "../yaml-text.ts";

/**
 * Checks that what a file names is there.
 *
 * @param what the others are, in words
 * @param path of the name
 * @throws what the text throws, naming source, line, column and field
 */
export function checkIsOneOf(
  name: string,
  all: readonly { readonly name: string }[],
  what: string,
  yaml: YamlText,
  path: YamlPath,
): void {
  if (all.some((it) => it.name === name)) return;
  const names = all.length === 0 ? "none" : all.map((it) => it.name).join(", ");
  yaml.fail(path, `expected one of ${what}, which are ${names}, found ${name}`);
}
