import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ImportGitError } from "./errors.ts";

/** Where the configuration of the builds comes from, and what is changed in it. */
export interface BuildConfSource {
  /** Folder of `bblayers.conf` and `local.conf`, or the build directory that holds it; `undefined` for OE-Core's own defaults. */
  readonly conf: string | undefined;
  /** The user's checkout, and the one that is walked in its place. */
  readonly repository: string;
  readonly tree: string;
  /** Our layer. */
  readonly layer: string;
  readonly machine: string | undefined;
  readonly variables: boolean;
}

/** The capture of a run, in the build directory. */
export const CAPTURE = "capture.jsonl.gz";

/** Our layer in a list of layers: it is there already if the user makes captures. */
const OUR_LAYER = /[^\s"'\\]*\/meta-depid\/?(?=[\s"'\\])/g;

/** The conf files by name, as the builds of the walk have them. */
export type ConfFiles = ReadonlyMap<string, string>;

/**
 * Reads the configuration, with the walked tree in place of the user's checkout and our layer added.
 *
 * @throws {ImportGitError} when there is none, or none of its layers is in the repository
 */
export async function readBuildConf(source: BuildConfSource): Promise<ConfFiles> {
  const files = source.conf === undefined ? defaultConf(source) : await copyConf(source.conf, source);
  const add = (name: string, ...lines: string[]) =>
    files.set(name, `${files.get(name) ?? ""}\n# Added by depid import git.\n${lines.join("\n")}\n`);
  add("bblayers.conf", `BBLAYERS += "${source.layer}"`);
  add(
    "local.conf",
    `TMPDIR = "\${TOPDIR}/tmp"`,
    `DEPID_CAPTURE = "${CAPTURE}"`,
    `DEPID_CAPTURE_VARIABLES = "${source.variables ? 1 : 0}"`,
    ...(source.machine === undefined ? [] : [`MACHINE = "${source.machine}"`]),
  );
  return files;
}

/** Writes the configuration of a build directory. */
export async function writeBuildConf(build: string, files: ConfFiles): Promise<void> {
  await rm(join(build, "conf"), { recursive: true, force: true });
  for (const [name, text] of files) {
    const file = join(build, "conf", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** Copies our layer to where the builds see it. */
export async function copyLayer(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true, filter: (file) => !file.endsWith("__pycache__") });
}

function defaultConf({ repository, tree }: BuildConfSource): Map<string, string> {
  if (!existsSync(join(repository, "meta/conf/bitbake.conf"))) {
    throw new ImportGitError(
      `${repository}: expected OE-Core's layer "meta" in it, or --conf with the configuration of a build that uses it`,
    );
  }
  const lines = ['LCONF_VERSION = "7"', `BBPATH = "\${TOPDIR}"`, 'BBFILES ?= ""', `BBLAYERS ?= "${tree}/meta"`];
  return new Map([
    ["bblayers.conf", `${lines.join("\n")}\n`],
    ["local.conf", ""],
  ]);
}

async function copyConf(named: string, { repository, tree }: BuildConfSource): Promise<Map<string, string>> {
  const folder = existsSync(join(named, "conf/bblayers.conf")) ? join(named, "conf") : named;
  if (!existsSync(join(folder, "bblayers.conf"))) {
    throw new ImportGitError(`--conf ${named}: expected bblayers.conf in it, or in its folder conf`);
  }
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(conf|inc)$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const text = (await readFile(file, "utf8")).replaceAll(OUR_LAYER, "");
    files.set(file.slice(folder.length + 1), movePaths(text, dirname(folder), repository, tree));
  }
  if (!files.get("bblayers.conf")?.includes(tree)) {
    throw new ImportGitError(`${join(folder, "bblayers.conf")}: expected a layer in ${repository}, found none`);
  }
  return files;
}

/** Paths into the user's checkout, and those relative to the build directory that leave it, as the walk has them. */
function movePaths(text: string, build: string, repository: string, tree: string): string {
  return text.replace(/(?<![\w}])(?:\$\{TOPDIR\}\/\.\.|\/(?!\/))[^\s"'\\;]*/g, (found) => {
    const path = found.startsWith("/") ? found : resolve(build, found.slice(found.indexOf("/") + 1));
    const moved = path === repository || path.startsWith(`${repository}/`);
    return moved ? tree + path.slice(repository.length) : path;
  });
}
