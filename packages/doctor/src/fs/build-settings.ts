import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import {
  type BuildConf,
  type ConfSetting,
  HASHSERV_DATABASE,
  isBefore,
  readBuildConf,
  releaseNames,
  type UnreadConf,
} from "@depid/bitbake";
import { createConfFiles } from "@depid/bitbake/fs";
import { InvalidAddressError, parseAddress } from "@depid/hashserv-protocol";
import type { Sighting } from "../finding.ts";
import { isEquivHandler, isPlainHandler, type Setting, type Settings, type SettingsSeen } from "../settings.ts";
import { Tally } from "../tally.ts";

/** A folder with one of these is a build directory. */
const OF_BUILDS = ["local.conf", "bblayers.conf", "auto.conf", "site.conf", "toolcfg.conf"];
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
  /** BitBake's own database, if it starts a server for this build and asks it. */
  readonly database: string | undefined;
  /** Whether the signature generator asks a server, as far as is known. */
  readonly asksServer: boolean;
  /** What multiconfigs have otherwise than the build. */
  readonly others: readonly Pick<Settings, "sstateDir" | "mirrors">[];
  /** Folders of an object in this release; `undefined` if the release is not known. */
  readonly levels: 1 | 2 | undefined;
  /** SSTATE_VERSION; `undefined` if it is not known. */
  readonly sstateVersion: number | undefined;
  /** Folders of stamps, one for each configuration; those that are there. */
  readonly stamps: readonly string[];
  /** What the files leave open. */
  readonly open: Pick<
    SettingsSeen,
    | "openQuestions"
    | "missingFiles"
    | "unreadFiles"
    | "optionalFiles"
    | "asideFiles"
    | "oldOverrides"
    | "unparsedLines"
    | "malformedAddresses"
    | "multiconfigOnly"
    | "networkOff"
    | "inheritsSstate"
    | "locks"
  >;
  /** The settings by their names in BitBake. */
  readonly listed: readonly { readonly name: string; readonly value: string | null; readonly from: string }[];
  readonly assumed: readonly string[];
}

/** Whether a folder is a build directory: it has one of BitBake's files in `conf`. */
export function isBuildDir(folder: string): boolean {
  return OF_BUILDS.some((file) => existsSync(join(folder, "conf", file)));
}

/**
 * Reads the settings of a build directory.
 *
 * @param given values that somebody knows better, by their names in BitBake
 * @param limit how many examples of what is open
 */
export function readBuildSettings(
  folder: string,
  given: ReadonlyMap<string, string>,
  limit: number,
  environment: ReadonlyMap<string, string> = new Map(),
): BuildSettings {
  const topdir = resolve(folder);
  const files = createConfFiles();
  const conf = readBuildConf(topdir, files, { given, environment });
  const released = releaseNames(conf.release);
  const isIgnored = (name: string) =>
    (name === NAMES.upstream && isBefore("upstream", conf.release)) ||
    (name === NAMES.databaseFolder && isBefore("database folder", conf.release));
  const raw = mapNames((name) => conf.get(name));
  const isFolder = (name: string) => name === NAMES.sstateDir || name === NAMES.databaseFolder;
  /** BitBake runs in the build directory: a relative path is one from there. */
  const fromTopdir = (setting: ConfSetting): ConfSetting =>
    setting.value ? { ...setting, value: resolve(topdir, setting.value) } : setting;
  const found = mapNames((name, key) => (isIgnored(name) ? NOT_SET : isFolder(name) ? fromTopdir(raw[key]) : raw[key]));
  const settings = mapNames((_, key) => ({
    ...found[key],
    isDefault: !conf.isOwn(found[key].from) && (found[key].value === "auto" || found[key].from === "default"),
  }));
  const asksServer = !isPlainHandler(settings.handler);
  const isAuto = settings.hashserve.value === "auto" && asksServer;
  const persistent = conf.get("PERSISTENT_DIR");
  const databaseFolder = found.databaseFolder.value === "" ? persistent : found.databaseFolder;
  const configurations = (conf.get("BBMULTICONFIG").value ?? "").split(/\s+/).filter((name) => name !== "");
  const others = configurations.map((multiconfig) => readBuildConf(topdir, files, { given, environment, multiconfig }));
  const stamps = [conf, ...others].map((one) => one.get("STAMPS_DIR"));
  const ofOthers = others.map((one, at) => ({
    name: configurations[at] ?? "",
    get: (name: keyof typeof NAMES) => one.get(NAMES[name]),
    sstateDir: fromTopdir(one.get(NAMES.sstateDir)),
    mirrors: one.get(NAMES.mirrors),
  }));
  const locks = [conf, ...others].map((one) => one.get(LOCKS));
  const asked: readonly ConfSetting[] = [
    ...locks,
    found.handler,
    found.sstateDir,
    found.mirrors,
    ...stamps,
    ...ofOthers.flatMap(({ sstateDir, mirrors }) => [sstateDir, mirrors]),
    ...(asksServer ? [found.hashserve, found.method] : []),
    ...(isAuto ? [found.upstream, databaseFolder] : []),
  ];
  const onlyOfBuild = ofOthers.flatMap(({ name, get }) =>
    ONLY_OF_BUILD.flatMap((key) => {
      const { value, from } = get(key);
      const isSame = value === raw[key].value && (from === raw[key].from || value === "");
      return isSame || isIgnored(NAMES[key]) || !conf.isOwn(from)
        ? []
        : [{ multiconfig: name, setting: NAMES[key], value: value ?? "?", line: from }];
    }),
  );
  const malformed = [
    ...(asksServer && !["", "auto", undefined].includes(settings.hashserve.value) ? [found.hashserve] : []),
    ...(isAuto && settings.upstream.value ? [found.upstream] : []),
  ].filter(({ value }) => value !== undefined && !isAddressOfBitBake(value));
  const networkOff = isTrue(conf.get("BB_NO_NETWORK")) && !isTrue(conf.get("SSTATE_MIRROR_ALLOW_NETWORK"));
  const unparsed = [
    ...new Map(
      [conf, ...others].flatMap((one) => one.unparsed).map((one) => [`${one.from} ${one.text}`, one]),
    ).values(),
  ];
  const inherits = inheritsSstate(conf);
  const stampFolders = [
    ...stamps.map(({ value }) => value ?? ""),
    ...(conf.core === undefined ? tmpFolders(topdir) : []),
  ];
  const questions = [...new Set([...asked.flatMap(({ doubts }) => doubts), ...aboutHandler(settings)])];
  const unread = [...new Map([conf, ...others].flatMap(({ unread }) => unread).map((one) => [one.file, one])).values()];
  return {
    settings,
    asksServer,
    database: isAuto && databaseFolder.value !== undefined ? join(databaseFolder.value, HASHSERV_DATABASE) : undefined,
    others: ofOthers.filter(
      ({ sstateDir, mirrors }) => sstateDir.value !== found.sstateDir.value || mirrors.value !== found.mirrors.value,
    ),
    levels: released.length === 0 ? undefined : isBefore("two folders", conf.release) ? 1 : 2,
    sstateVersion: /^\d+$/.test(conf.get("SSTATE_VERSION").value ?? "")
      ? Number(conf.get("SSTATE_VERSION").value)
      : undefined,
    stamps: [...new Set(stampFolders)].filter((path) => path !== "" && existsSync(path)),
    open: {
      openQuestions: tally(
        questions.map((question) => ({ question })),
        limit,
      ),
      missingFiles: tallyFiles(unread, "missing", limit),
      unreadFiles: tallyFiles(unread, "unread", limit),
      optionalFiles: tallyFiles(unread, "optional", limit),
      asideFiles: tallyFiles(unread, "aside", limit),
      unparsedLines: tally(
        unparsed.map(({ from, text, problem }) => ({ line: from, text, problem })),
        limit,
      ),
      malformedAddresses: tally(
        malformed.map((one) => ({
          setting: one === found.upstream ? NAMES.upstream : NAMES.hashserve,
          address: one.value ?? "",
          line: one.from,
        })),
        limit,
      ),
      multiconfigOnly: tally(onlyOfBuild, limit),
      locks: tally(
        [...new Map(locks.map((one) => [`${one.from} ${one.value}`, one])).values()]
          .filter(({ value }) => value !== "" && value !== undefined)
          .map(({ value, from }) => ({ types: value ?? "", line: from })),
        limit,
      ),
      ...(networkOff ? { networkOff: conf.get("BB_NO_NETWORK") } : {}),
      ...(inherits === undefined ? {} : { inheritsSstate: inherits }),
      oldOverrides: tally(
        Object.values(found).flatMap(({ withoutEffect }) => withoutEffect.map((line) => ({ line }))),
        limit,
      ),
    },
    listed: Object.entries(NAMES)
      .map(([key, name]) => ({ name, setting: found[key as keyof Settings] }))
      .filter(({ setting }) => setting.value !== "" || setting.from !== "default")
      .map(({ name, setting }) => ({ name, value: setting.value ?? null, from: setting.from })),
    assumed: assumptionsOf(
      conf,
      found,
      mapNames((name, key) => (isIgnored(name) ? raw[key] : NOT_SET)),
    ),
  };
}

const LOCKS = "SIGGEN_LOCKEDSIGS_TYPES";

/** Settings that BitBake reads from the build's own configuration, whatever its multiconfigs say. */
const ONLY_OF_BUILD = ["handler", "hashserve", "upstream", "method", "databaseFolder"] as const;

/** What BitBake's `to_boolean` takes for true. */
function isTrue({ value }: Setting): boolean {
  return /^(?:y|yes|1|true|on)$/i.test(value ?? "");
}

const NOT_SET: ConfSetting = { value: "", from: "default", doubts: [], withoutEffect: [] };

function mapNames<T>(give: (name: string, key: keyof Settings) => T): Record<keyof Settings, T> {
  const entries = Object.entries(NAMES).map(([key, name]) => [key, give(name, key as keyof Settings)]);
  return Object.fromEntries(entries) as Record<keyof Settings, T>;
}

function tally(examples: readonly Readonly<Record<string, string>>[], limit: number): Sighting {
  const tally = new Tally(limit);
  for (const example of examples) tally.add(example);
  return tally;
}

function tallyFiles(unread: readonly UnreadConf[], kind: UnreadConf["kind"], limit: number): Sighting {
  const files = unread.filter((one) => one.kind === kind);
  return tally(
    files.map(({ file, from, problem }) => ({ file, line: from, problem })),
    limit,
  );
}

/** A generator that OE-Core does not have may or may not ask a server. */
function aboutHandler({ handler }: Settings): readonly string[] {
  if (handler.value === undefined || isPlainHandler(handler) || isEquivHandler(handler)) return [];
  return [
    `BB_SIGNATURE_HANDLER is "${handler.value}" (${handler.from}), which is none of OE-Core's: it may ask a server or not`,
  ];
}

function assumptionsOf(
  conf: BuildConf,
  found: Record<keyof Settings, ConfSetting>,
  ignored: Record<keyof Settings, ConfSetting>,
): readonly string[] {
  const defaults = Object.values(found).some(({ from, value }) => from === "default" && value !== "");
  return [
    conf.core === undefined
      ? `settings are those of ${conf.files.join(", ")}; distribution, machine, layers and the environment may set others: bitbake-getvar --value NAME, then --set NAME=VALUE`
      : `settings are those of the files that BitBake reads, from ${conf.core} on; the environment may set others: bitbake-getvar --value NAME, then --set NAME=VALUE`,
    ...(defaults && conf.core === undefined ? ["settings told as default are those of OE-Core of 2026"] : []),
    ...Object.entries(ignored)
      .filter(([, { value }]) => value !== "")
      .map(([key, { from }]) => `${NAMES[key as keyof Settings]} (${from}) is not read by BitBake of ${conf.release}`),
  ];
}

/** Whether one folder lies in another, links followed where they are there. */
export function isInside(folder: string, other: string): boolean {
  const path = relative(realPathOf(other), realPathOf(folder));
  return path === "" || (!path.startsWith("..") && !path.startsWith("/"));
}

function realPathOf(path: string): string {
  const full = resolve(path);
  try {
    return realpathSync(full);
  } catch {
    return full === dirname(full) ? full : join(realPathOf(dirname(full)), basename(full));
  }
}

/** Whether BitBake reads an address as that of a server: ours may have other schemes. */
function isAddressOfBitBake(address: string): boolean {
  if (/^[a-z]+:\/\//.test(address) && !/^(?:unix|wss?):\/\//.test(address)) return false;
  try {
    parseAddress(address);
    return true;
  } catch (error) {
    if (error instanceof InvalidAddressError) return false;
    throw error;
  }
}

/** Folders named `tmp-…` of the build directory that hold stamps: a distribution may have set TMPDIR, as OE-Core's own does. */
function tmpFolders(topdir: string): readonly string[] {
  return readdirSync(topdir)
    .filter((name) => /^tmp(?:-|$)/.test(name))
    .map((name) => join(topdir, name, "stamps"));
}

/** Whether the classes that store and restore objects are inherited; `undefined` where the class, or the value, is not known. */
function inheritsSstate(conf: BuildConf): boolean | undefined {
  const { value, doubts } = conf.get("INHERIT");
  if (value === undefined || doubts.length > 0 || !conf.hasClass("sstate")) return undefined;
  return value.split(/\s+/).includes("sstate");
}

/** Values that BitBake takes from its environment: those of the names that BB_ENV_PASSTHROUGH_ADDITIONS lists. */
export function passedThrough(environment: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  const lists = [environment.BB_ENV_PASSTHROUGH_ADDITIONS, environment.BB_ENV_EXTRAWHITE];
  const names = lists.flatMap((list) => (list ?? "").split(/\s+/)).filter((name) => name !== "");
  return new Map(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
