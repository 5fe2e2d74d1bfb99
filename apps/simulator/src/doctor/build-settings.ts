import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type ConfSetting, createConfLookup, parseBuildConf } from "@depid/bitbake";
import { type Setting, type Settings, USUAL_METHOD } from "@depid/doctor";

/** Files of a build directory that BitBake reads, in its order. */
const FILES = ["conf/site.conf", "conf/auto.conf", "conf/toolcfg.conf", "conf/local.conf"];
/** Those of OE-Core of 2026. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ["TMPDIR", `\${TOPDIR}/tmp`],
  ["PERSISTENT_DIR", `\${TOPDIR}/cache`],
  ["BB_SIGNATURE_HANDLER", "OEEquivHash"],
  ["BB_HASHSERVE", "auto"],
  ["SSTATE_HASHEQUIV_METHOD", USUAL_METHOD],
  ["SSTATE_DIR", `\${TOPDIR}/sstate-cache`],
]);
const NAMES = {
  handler: "BB_SIGNATURE_HANDLER",
  hashserve: "BB_HASHSERVE",
  upstream: "BB_HASHSERVE_UPSTREAM",
  method: "SSTATE_HASHEQUIV_METHOD",
  databaseFolder: "BB_HASHSERVE_DB_DIR",
  sstateDir: "SSTATE_DIR",
  mirrors: "SSTATE_MIRRORS",
} as const satisfies Record<keyof Settings, string>;

/** What the configuration files of a build directory say. */
export interface BuildSettings {
  readonly settings: Settings;
  /** BitBake's own database, if `BB_HASHSERVE` is "auto". */
  readonly database: string | undefined;
  /** The settings by their names in BitBake. */
  readonly listed: readonly { readonly name: string; readonly value: string | null; readonly from: string }[];
  readonly unknown: readonly string[];
  readonly assumed: readonly string[];
}

/** Whether a folder is a build directory: it has a `conf/local.conf`. */
export function isBuildDir(folder: string): boolean {
  return existsSync(join(folder, "conf/local.conf"));
}

/**
 * Reads the settings of a build directory.
 *
 * @param given values that somebody knows better, by their names in BitBake
 */
export function readBuildSettings(folder: string, given: ReadonlyMap<string, string>): BuildSettings {
  const topdir = resolve(folder);
  const files = FILES.filter((file) => existsSync(join(topdir, file)));
  const confs = files.map((file) => parseBuildConf(readFileSync(join(topdir, file), "utf8"), file));
  const findInFiles = createConfLookup(confs, new Map([["TOPDIR", topdir], ...given]), DEFAULTS);
  const find = (name: string): ConfSetting => {
    const value = given.get(name);
    return value === undefined ? findInFiles(name) : { value, from: "--set", doubts: [] };
  };
  const found = Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [key, find(name)])) as Record<
    keyof Settings,
    ConfSetting
  >;
  const persistent = find("PERSISTENT_DIR");
  const databaseFolder = found.databaseFolder.value === "" ? persistent : found.databaseFolder;
  const includes = confs.flatMap((conf) => conf.includes);
  const isAuto = found.hashserve.value === "auto";
  return {
    settings: found,
    database: isAuto && databaseFolder.value !== undefined ? join(databaseFolder.value, "hashserv.db") : undefined,
    listed: Object.entries(NAMES)
      .map(([key, name]) => ({ name, setting: found[key as keyof Settings] }))
      .filter(({ setting }) => setting.value !== "" || setting.from !== "default")
      .map(({ name, setting }) => ({ name, value: setting.value ?? null, from: setting.from })),
    unknown: [...Object.values(found), ...(isAuto ? [persistent] : [])].flatMap(({ doubts }) => doubts),
    assumed: [
      `settings are those of ${files.join(", ")}; distribution, machine, layers and the environment may set others: bitbake-getvar --value NAME, then --set NAME=VALUE`,
      ...includes.map(({ file, from }) => `${from}: ${file} was not read`),
      ...(Object.values(found).some(isDefault) ? ["settings told as default are those of OE-Core of 2026"] : []),
    ],
  };
}

/** Whether one folder lies in another. */
export function isInside(folder: string, other: string): boolean {
  const path = relative(resolve(other), resolve(folder));
  return path === "" || (!path.startsWith("..") && !path.startsWith("/"));
}

/** Folders of `file://` mirrors that are not there; others cannot be looked at. */
export function findMissingMirrors(mirrors: string): readonly string[] {
  return [...mirrors.matchAll(/\sfile:\/\/(\/[^\s;\\]*)/g)]
    .map(([, path = ""]) => path.replace(/\/?PATH$/, ""))
    .filter((path) => !existsSync(path));
}

function isDefault({ from, value }: Setting): boolean {
  return from === "default" && value !== "";
}
