import { BitbakeFileError } from "@depid/bitbake";
import { parseObjectTable } from "@depid/bitbake/read";
import { type ObjectSizes, parseByteSize, SIZE_EXPECTED, sizesOf, sizesOfOne } from "@depid/replay";
import { readLines } from "@depid/task-graph/fs";
import { OptionError } from "./outcomes/errors.ts";

/** The flag that says how large sstate objects are. */
export interface SizesFlag {
  readonly sizes?: readonly string[];
}

/**
 * The sizes that were named; `undefined` if none were.
 *
 * @throws {BitbakeFileError} for a table that cannot be read
 * @throws {OptionError} for a size beside another, or tables without any archive
 */
export async function readSizes({ sizes: names }: SizesFlag): Promise<ObjectSizes | undefined> {
  const [first] = names ?? [];
  if (names === undefined || first === undefined) return undefined;
  const bytes = parseByteSize(first);
  if (bytes !== undefined) {
    if (names.length === 1) return sizesOfOne(bytes, first);
    throw new OptionError(`--sizes: expected ${SIZE_EXPECTED}, or tables, found both`);
  }
  const tables = await Promise.all(names.map(async (file) => parseObjectTable(await linesOf(file), file)));
  const found = tables.flatMap(({ rows }) =>
    rows.flatMap(({ pn, task, size, siginfo, sig }) =>
      size === null ? [] : [{ pn, task, bytes: size + (siginfo ?? 0) + (sig ?? 0) }],
    ),
  );
  if (found.length > 0) return sizesOf(found, names);
  throw new OptionError(`--sizes: ${names.join(", ")}: expected a table with archives, found none`);
}

async function linesOf(file: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of readLines(file, BitbakeFileError)) lines.push(line);
  return lines;
}
