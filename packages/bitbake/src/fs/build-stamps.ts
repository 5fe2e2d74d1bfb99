import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { createConfLookup, parseBuildConf } from "../build-conf.ts";
import { BuildInputError } from "../errors.ts";

/**
 * Where the signature files of a build lie: of a build directory, the stamps of its TMPDIRs (one for each multiconfig, `tmp` or
 * otherwise named, or where `conf/local.conf` puts it); of a TMPDIR, its stamps; of anything else, itself.
 *
 * @throws {BuildInputError} when a build directory has no stamps
 */
export async function stampsOf(input: string): Promise<string[]> {
  const own = join(input, "stamps");
  if (!(await isDirectory(join(input, "conf")))) return (await isDirectory(own)) ? [own] : [input];
  const folders = (await readdir(input, { withFileTypes: true })).filter((entry) => !entry.isFile());
  const candidates = new Set([own, ...folders.map(({ name }) => join(input, name, "stamps"))]);
  const tmpdir = await settingOf(input, "TMPDIR");
  if (tmpdir !== undefined) candidates.add(join(tmpdir, "stamps"));
  const found: string[] = [];
  for (const candidate of [...candidates].sort()) if (await isDirectory(candidate)) found.push(candidate);
  if (found.length > 0) return found;
  throw new BuildInputError(
    input,
    "a build directory without stamps: expected TMPDIR/stamps in it; name the folder of stamps if TMPDIR is elsewhere",
  );
}

/** A setting of `conf/local.conf`; `undefined` when it is not there or is not plain text. */
async function settingOf(build: string, variable: string): Promise<string | undefined> {
  const file = join(build, "conf/local.conf");
  const text = await readFile(file, "utf8").catch(() => "");
  return createConfLookup([parseBuildConf(text, file)], new Map([["TOPDIR", build]]), new Map())(variable).value;
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
