import { HASH_PATTERN, OLD_HASH_PATTERN } from "@depid/hash";
/** Stamp of a task that ran, or was restored; file that taints; signature data. */
export type StampKind = "real" | "setscene" | "taint" | "sigdata" | "sigbasedata";

/** What the name of a file beside stamps says (signatures.md section 4). */
export interface StampFileName {
  readonly kind: StampKind;
  /** What the name begins with, the last part of STAMP: PV; `PN-PV-PR` where no folder is named by PN; `EPOCH_PV-PR` in older releases. */
  readonly base: string;
  /** With `do_`, without `_setscene`. */
  readonly task: string;
  /** Taskhash or depid that the name carries (basehash for sigbasedata); null if it carries none. */
  readonly hash: string | null;
  /** `stamp-extra-info`: what the name has behind the hash; "" if nothing. */
  readonly extra: string;
}

const NAME = new RegExp(
  `^(.+?)\\.(do_[^.]+?)(_setscene)?(?:\\.(sigdata|sigbasedata))?(?:\\.(${HASH_PATTERN}))?(?:\\.(.+))?$`,
  "s",
);

/** Takes the name of a file, without folders, apart. @returns `undefined` if this is no name of a stamp or of what lies beside one */
export function findStampFile(file: string): StampFileName | undefined {
  const match = NAME.exec(file);
  if (match === null) return undefined;
  const [, base = "", task = "", setscene, data, hash, rest = ""] = match;
  if (data !== undefined && (hash === undefined || rest !== "" || setscene !== undefined)) return undefined;
  const isTaint = hash === undefined && rest === "taint";
  const kind = (data as "sigdata" | "sigbasedata" | undefined) ?? (isTaint ? "taint" : setscene ? "setscene" : "real");
  return { kind, base, task, hash: hash ?? null, extra: isTaint ? "" : rest };
}

/** What the path of a stamp says, with STAMP as OE-Core sets it: `<MULTIMACH_TARGET_SYS>/<PN>/<PV>`. */
export interface StampName extends Omit<StampFileName, "base"> {
  /** First folder: `<MULTIMACH_TARGET_SYS>`, or `work-shared`; "" if there is none. */
  readonly arch: string;
  /** Second folder; null where there is none, as in work-shared: the name of the file holds PN and version unseparated. */
  readonly pn: string | null;
  /** What the name of the file begins with: PV; `PN-PV-PR` where there is no folder for PN; `EPOCH_PV-PR` in older releases. */
  readonly pv: string;
}

/**
 * Takes the path of a file below a stamps directory apart.
 *
 * @param path with "/" between folders
 * @returns `undefined` if this is no name of a stamp
 */
export function findStampName(path: string): StampName | undefined {
  const folders = path.split("/");
  const found = findStampFile(folders.pop() ?? "");
  if (found === undefined || folders.length > 2) return undefined;
  const [arch = "", pn = null] = folders;
  const { kind, base: pv, task, hash, extra } = found;
  return { kind, arch, pn, pv, task, hash, extra };
}

const OLD_SIGNATURE = new RegExp(`\\.do_[^.]+\\.(?:sigdata|sigbasedata)\\.${OLD_HASH_PATTERN}$`, "s");

/** Whether a file beside stamps holds signature data of a release before 3.0 (zeus), whose hashes have 32 digits. */
export function isOldStampData(file: string): boolean {
  return OLD_SIGNATURE.test(file);
}
