/** A setting of a build, as its configuration files have it. */
export interface Setting {
  /** The value; `undefined` if it is not set, and if it could not be worked out. */
  readonly value: string | undefined;
  /** File and line, or `default`. */
  readonly from: string;
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
  /** Folders of `file://` mirrors that are not there. */
  readonly missingMirrors: readonly string[];
  /** What was asked with `--hashserv`, if it is not what the settings name. */
  readonly otherServer?: string;
}

/** Whether a signature generator asks a server: OEEquivHash does, and those named after it. */
export function isEquivHandler(handler: Setting): boolean {
  return handler.value?.endsWith("EquivHash") === true;
}
