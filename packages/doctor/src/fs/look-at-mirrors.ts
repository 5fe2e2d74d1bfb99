import { statSync } from "node:fs";
import { BitbakeFileError } from "@depid/bitbake";
import { listSstate } from "@depid/bitbake/fs";
import { isSystemError } from "@depid/hash";
import { isRemote, mirrorsOf } from "../mirrors.ts";
import type { Setting } from "../settings.ts";

/** What was seen of the mirrors. */
export interface MirrorsSeen {
  /** Folders of `file://` mirrors that are not there. */
  readonly missingMirrors: readonly string[];
  /** Those that are there and hold no object. */
  readonly emptyMirrors: readonly string[];
  /** What could not be seen: sentences. */
  readonly unknown: readonly string[];
}

/** Looks whether each mirror that is a folder is there and holds an object; nobody is asked over the network. */
export async function lookAtMirrors(mirrors: Setting, networkOff: boolean): Promise<MirrorsSeen> {
  const [missing, empty, unknown] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const mirror of mirrorsOf(mirrors)) {
    const { folder, fault, address } = mirror;
    if (fault === "malformed" || fault === "unused") continue;
    if (isRemote(mirror)) {
      if (!networkOff)
        unknown.add(
          `what the mirror ${address} holds: mirrors in the network were not asked; bitbake -S printdiff TARGET tells what it does not find there`,
        );
    } else if (folder === undefined || /[*$]/.test(folder)) {
      unknown.add(`what the mirror ${address} holds: its folder is not known here`);
    } else if (statSync(folder, { throwIfNoEntry: false }) === undefined) missing.add(folder);
    else {
      const holds = await holdsObject(folder);
      if (holds === undefined)
        unknown.add(`what the mirror ${address} holds: the folder, or some in it, cannot be read`);
      else if (!holds) empty.add(folder);
    }
  }
  return { missingMirrors: [...missing], emptyMirrors: [...empty], unknown: [...unknown] };
}

/** `undefined`: no object was seen, and not all folders could be looked into. */
async function holdsObject(folder: string): Promise<boolean | undefined> {
  let isAll = true;
  try {
    for await (const entry of listSstate(folder)) {
      if ("unreadableFolder" in entry) isAll = false;
      else if (entry.file.kind === "object" || entry.file.kind === "old-object") return true;
    }
  } catch (error) {
    if (error instanceof BitbakeFileError || isSystemError(error)) return undefined;
    throw error;
  }
  return isAll ? false : undefined;
}
