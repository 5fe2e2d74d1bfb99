import type { SstateFile } from "@depid/bitbake";
import { findObjectPlace, SSTATE_VERSION } from "@depid/sstate";
import type { Sighting } from "./finding.ts";
import { Tally } from "./tally.ts";

/** What files of an sstate directory show by themselves. */
export interface SstateSurvey {
  readonly objects: number;
  readonly siginfos: number;
  /** Of the objects. */
  readonly bytes: number;
  readonly empty: Sighting;
  readonly unreadable: Sighting;
  readonly unreadableFolders: Sighting;
  readonly brokenLinks: Sighting;
  readonly leftDrafts: Sighting;
  readonly oldVersions: Sighting;
  /** SSTATE_VERSION of the builds. */
  readonly version: number;
  /** Objects whose hashes have 32 digits. */
  readonly oldNames: Sighting;
  readonly misplaced: Sighting;
  /** Objects in one folder of two digits, of which nothing says whether that is their release's place. */
  readonly singleLevel: Sighting;
  readonly damagedSiginfos: Sighting;
}

/** A file in the making that is older than this, in milliseconds, was left by a task that was killed. */
const DRAFT_AGE = 24 * 60 * 60 * 1000;

export interface SurveyOptions {
  /** How many examples to keep of each kind. */
  readonly limit: number;
  /** The time now, in milliseconds since 1970. */
  readonly now: number;
  /** SSTATE_VERSION of the build; that of OE-Core today, and any later one, if it is not known. */
  readonly version?: number;
  /**
   * In how many folders the release keeps an object: one before 3.1 (dunfell, OE-Core d05bde16bd), two since. If it is not known, objects of
   * SSTATE_VERSION 3, which both had, may be in either.
   */
  readonly levels?: 1 | 2;
}

/** SSTATE_VERSION of the last release that kept objects in one folder, and of the first that did in two. */
const VERSION_OF_BOTH = 3;

/** Takes the files of an sstate directory one by one; what it holds does not grow with their number. */
export class SstateSurveyor implements SstateSurvey {
  objects = 0;
  siginfos = 0;
  bytes = 0;
  readonly empty: Tally;
  readonly unreadable: Tally;
  readonly unreadableFolders: Tally;
  readonly brokenLinks: Tally;
  readonly leftDrafts: Tally;
  readonly oldVersions: Tally;
  readonly version: number;
  readonly oldNames: Tally;
  readonly misplaced: Tally;
  readonly singleLevel: Tally;
  readonly damagedSiginfos: Tally;
  readonly #now: number;
  readonly #levels: 1 | 2 | undefined;
  readonly #isVersionKnown: boolean;

  constructor({ limit, now, version, levels }: SurveyOptions) {
    this.#now = now;
    this.#levels = levels;
    this.#isVersionKnown = version !== undefined;
    this.version = version ?? SSTATE_VERSION;
    this.oldNames = new Tally(limit);
    this.empty = new Tally(limit);
    this.unreadable = new Tally(limit);
    this.unreadableFolders = new Tally(limit);
    this.brokenLinks = new Tally(limit);
    this.leftDrafts = new Tally(limit);
    this.oldVersions = new Tally(limit);
    this.misplaced = new Tally(limit);
    this.singleLevel = new Tally(limit);
    this.damagedSiginfos = new Tally(limit);
  }

  add(file: SstateFile): void {
    const { path, kind, name, bytes } = file;
    if (kind === "draft") {
      if (this.#now - file.modified > DRAFT_AGE) this.leftDrafts.add({ path, bytes: bytes ?? 0 });
      return;
    }
    if (kind === "old-object") this.oldNames.add({ path });
    if (name === undefined) return;
    if (kind === "siginfo") this.siginfos += 1;
    if (bytes === undefined) this.brokenLinks.add({ path });
    else if (!file.readable) this.unreadable.add({ path });
    if (kind !== "object") return;
    this.objects += 1;
    this.bytes += bytes ?? 0;
    if (bytes === 0) this.empty.add({ path });
    const version = Number(name.version);
    const levels = findObjectPlace(path.slice(0, Math.max(path.lastIndexOf("/"), 0)), name.depid)?.levels;
    const isOpen = this.#levels === undefined && version === VERSION_OF_BOTH && levels === 1;
    if (isOpen) this.singleLevel.add({ path });
    if (version < this.version || (this.#isVersionKnown && version > this.version))
      this.oldVersions.add({ path, version: name.version });
    else if (!isOpen && levels !== (this.#levels ?? 2)) this.misplaced.add({ path });
  }

  /** A siginfo file that makes no sense. */
  addDamagedSiginfo(path: string, problem: string): void {
    this.damagedSiginfos.add({ path, problem });
  }

  /** A folder that we may not look into. */
  addUnreadableFolder(path: string): void {
    this.unreadableFolders.add({ path });
  }
}
