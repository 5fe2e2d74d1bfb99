import { asksNobody, asksServer } from "@depid/bitbake";
import type { Sighting } from "./finding.ts";
import { isRemote, mirrorsOf } from "./mirrors.ts";

/** A setting of a build, as its configuration files have it. */
export interface Setting {
  /** The value; `undefined` if it is not set, and if it could not be worked out. */
  readonly value: string | undefined;
  /** File and line, or `default`. */
  readonly from: string;
  /** Whether nobody set it for this build: it is what the release or the distribution has. */
  readonly isDefault?: boolean;
}

/** Settings of a build that decide how it uses sstate and the server. */
export interface Settings {
  readonly handler: Setting;
  readonly hashserve: Setting;
  readonly upstream: Setting;
  readonly method: Setting;
  /** BB_HASHSERVE_DB_DIR. */
  readonly databaseFolder: Setting;
  readonly sstateDir: Setting;
  readonly mirrors: Setting;
}

/** What a build's settings lead to on this machine. */
export interface SettingsSeen {
  readonly settings: Settings;
  readonly buildDir: string;
  /** Whether SSTATE_DIR lies outside of the build directory. */
  readonly isSstateShared: boolean;
  readonly sstateExists: boolean;
  /** Whether SSTATE_DIR is there and holds no object. */
  readonly isSstateEmpty?: boolean;
  /** Whether stamps of tasks that ran are there: a build stores its outputs in SSTATE_DIR. */
  readonly wasBuilt?: boolean;
  /** Folders of `file://` mirrors that are not there. */
  readonly missingMirrors: readonly string[];
  /** Those that are there and hold no object. */
  readonly emptyMirrors?: readonly string[];
  /** BB_NO_NETWORK, if it keeps BitBake from asking mirrors in the network. */
  readonly networkOff?: Setting;
  /** Whether a class that stores and restores objects is inherited; `undefined` if that is not known. */
  readonly inheritsSstate?: boolean;
  /** Addresses of servers that BitBake cannot read. */
  readonly malformedAddresses?: Sighting;
  /** Settings of a multiconfig that BitBake takes from the build's own configuration. */
  readonly multiconfigOnly?: Sighting;
  /** Lines that BitBake ends with an error for. */
  readonly unparsedLines?: Sighting;
  /** Settings whose values hang on questions that the files leave open. */
  readonly openQuestions?: Sighting;
  /** Files of the configuration that BitBake fails without, that were not read, and that may be elsewhere. */
  readonly missingFiles?: Sighting;
  readonly unreadFiles?: Sighting;
  readonly optionalFiles?: Sighting;
  /** Files beside the configuration that nothing includes. */
  readonly asideFiles?: Sighting;
  /** Lines with overrides as they were before 3.4, in a later release. */
  readonly oldOverrides?: Sighting;
  /** Taint files below STAMPS_DIR. */
  readonly taints?: Sighting;
  /** Groups of locked signatures that SIGGEN_LOCKEDSIGS_TYPES names, by the line that names them. */
  readonly locks?: Sighting;
  /** What was asked with `--hashserv`, if it is not what the settings name. */
  readonly otherServer?: string;
}

/** Whether a signature generator asks a server: OEEquivHash does, and those named after it. */
export function isEquivHandler(handler: Setting): boolean {
  return handler.value !== undefined && asksServer(handler.value);
}

/** Whether a signature generator never asks a server: BitBake's and OE-Core's without "Equiv" in the name. */
export function isPlainHandler({ value }: Setting): boolean {
  return value !== undefined && asksNobody(value);
}

/** Whether the server is one that BitBake starts for this build, or a socket of this machine (sanity.bbclass of OE-Core). */
export function isLocalServer(hashserve: Setting): boolean {
  return hashserve.value === "auto" || hashserve.value?.startsWith("unix://") === true;
}

/** Whether a server's address is of this machine alone. */
export function isLoopback(hashserve: Setting): boolean {
  return /^(?:wss?:\/\/)?(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::|\/|$)/.test(hashserve.value ?? "");
}

/** Mirrors that can be asked, or may: of those that are told to be of no use there are none. */
export function countMirrors(
  seen: Pick<SettingsSeen, "settings" | "missingMirrors" | "emptyMirrors" | "networkOff">,
): number {
  const useless = new Set([...seen.missingMirrors, ...(seen.emptyMirrors ?? [])]);
  return mirrorsOf(seen.settings.mirrors).filter(
    (mirror) =>
      mirror.fault === undefined &&
      !useless.has(mirror.folder ?? "") &&
      !(seen.networkOff !== undefined && isRemote(mirror)),
  ).length;
}
