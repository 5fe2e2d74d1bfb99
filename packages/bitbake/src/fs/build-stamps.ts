import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BuildInputError } from "../errors.ts";
import { type BuildInput, isDirectory } from "./build-input.ts";

/**
 * Where the signature files of a build lie: of a build directory, the stamps of its TMPDIRs (one for each multiconfig, `tmp` or
 * otherwise named, or where its configuration puts it); of a TMPDIR, its stamps; of anything else, itself.
 *
 * @throws {BuildInputError} when a build directory has no stamps
 */
export async function stampsOf({ path: input, conf }: BuildInput): Promise<string[]> {
  const own = join(input, "stamps");
  if (conf === undefined) return (await isDirectory(own)) ? [own] : [input];
  const folders = (await readdir(input, { withFileTypes: true })).filter((entry) => !entry.isFile());
  const candidates = new Set([own, ...folders.map(({ name }) => join(input, name, "stamps"))]);
  const tmpdir = conf.get("TMPDIR").value;
  if (tmpdir !== undefined) candidates.add(join(tmpdir, "stamps"));
  const found: string[] = [];
  for (const candidate of [...candidates].sort()) if (await isDirectory(candidate)) found.push(candidate);
  if (found.length > 0) return found;
  throw new BuildInputError(
    input,
    "a build directory without stamps: expected TMPDIR/stamps in it; name the folder of stamps if TMPDIR is elsewhere",
  );
}
