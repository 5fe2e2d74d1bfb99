import { HASH_PATTERN, OLD_HASH_PATTERN, splitSetscene, TASK_PREFIX } from "@depid/hash";

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

/**
 * Takes the name of a file, without folders, apart: `<base>.do_x[_setscene][.sigdata|.sigbasedata][.<hash>][.<extra>]`. The task is the first
 * part that can be one. Read part by part: an index of a build takes tens of thousands of names apart.
 *
 * @returns `undefined` if this is no name of a stamp or of what lies beside one
 */
export function findStampFile(file: string): StampFileName | undefined {
  for (let dot = file.indexOf(TASK, 1); dot >= 0; dot = file.indexOf(TASK, dot + 1)) {
    const end = endOfPart(file, dot + 1);
    const isTask = end > dot + TASK.length && end !== file.length - 1;
    if (isTask) return stampFileOf(file.slice(0, dot), file.slice(dot + 1, end), file.slice(end + 1));
  }
  return undefined;
}

const TASK = `.${TASK_PREFIX}`;
const HASH = new RegExp(`^${HASH_PATTERN}(?:$|\\.(?=.))`, "s");
const DATA = ["sigdata", "sigbasedata"] as const;

/** @param rest what stands behind the task and its dot; "" if nothing */
function stampFileOf(base: string, named: string, rest: string): StampFileName | undefined {
  const split = splitSetscene(named);
  const isSetscene = split.isSetscene && split.task !== TASK_PREFIX;
  const task = isSetscene ? split.task : named;
  const data = DATA.find((it) => rest === it || (rest.startsWith(`${it}.`) && rest.length > it.length + 1));
  const behind = data === undefined ? rest : rest.slice(data.length + 1);
  const hash = HASH.test(behind) ? behind.slice(0, 64) : null;
  const extra = hash === null ? behind : behind.slice(65);
  if (data !== undefined && (hash === null || extra !== "" || isSetscene)) return undefined;
  const isTaint = hash === null && extra === "taint";
  const kind = data ?? (isTaint ? "taint" : isSetscene ? "setscene" : "real");
  return { kind, base, task, hash, extra: isTaint ? "" : extra };
}

function endOfPart(file: string, from: number): number {
  const dot = file.indexOf(".", from);
  return dot < 0 ? file.length : dot;
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
