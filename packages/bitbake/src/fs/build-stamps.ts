import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readBuildConf } from "../conf/read-build.ts";
import { BuildInputError } from "../errors.ts";
import { createConfFiles } from "./build-conf-files.ts";

/**
 * Where the signature files of a build lie: of a build directory, the stamps of its TMPDIRs (one for each multiconfig, `tmp` or
 * otherwise named, or where its configuration puts it); of a TMPDIR, its stamps; of anything else, itself.
 *
 * @throws {BuildInputError} when a build directory has no stamps
 */
export async function stampsOf(input: string): Promise<string[]> {
  const own = join(input, "stamps");
  if (!(await isDirectory(join(input, "conf")))) return (await isDirectory(own)) ? [own] : [input];
  const folders = (await readdir(input, { withFileTypes: true })).filter((entry) => !entry.isFile());
  const candidates = new Set([own, ...folders.map(({ name }) => join(input, name, "stamps"))]);
  const tmpdir = readBuildConf(resolve(input), createConfFiles(), { given: new Map() }).get("TMPDIR").value;
  if (tmpdir !== undefined) candidates.add(join(tmpdir, "stamps"));
  const found: string[] = [];
  for (const candidate of [...candidates].sort()) if (await isDirectory(candidate)) found.push(candidate);
  if (found.length > 0) return found;
  throw new BuildInputError(
    input,
    "a build directory without stamps: expected TMPDIR/stamps in it; name the folder of stamps if TMPDIR is elsewhere",
  );
}

/** Whether there is a folder. */
export async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
