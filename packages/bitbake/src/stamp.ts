/** A file of a stamps directory as its name says it. One row of the table `stamps`. */
export interface StampRow extends StampName {
  /** Below the stamps directory. */
  readonly path: string;
  /** When it was written, or last touched: seconds since 1970. */
  readonly modified: number;
  /** What a taint file holds; null for all others. */
  readonly taint: string | null;
}

/** Stamp of a task that ran, or was restored; file that taints; signature data. */
export type StampKind = "real" | "setscene" | "taint" | "sigdata" | "sigbasedata";

/** What the path of a stamp says (signatures.md section 4), with STAMP as OE-Core sets it. */
export interface StampName {
  readonly kind: StampKind;
  /** First folder: `<MULTIMACH_TARGET_SYS>`, or `work-shared`; "" if there is none. */
  readonly arch: string;
  /** Second folder; null where there is none, as in work-shared: the name of the file holds PN and version unseparated. */
  readonly pn: string | null;
  /** What the name of the file begins with: PV; `PN-PV-PR` where there is no folder for PN; `EPOCH_PV-PR` in older releases. */
  readonly pv: string;
  /** With `do_`, without `_setscene`. */
  readonly task: string;
  /** Taskhash or depid that the name carries (basehash for sigbasedata); null if it carries none. */
  readonly hash: string | null;
  /** `stamp-extra-info`: what the name has behind the hash; "" if nothing. */
  readonly extra: string;
}

const NAME = /^(.+?)\.(do_\w+?)(_setscene)?(?:\.(sigdata|sigbasedata))?(?:\.([0-9a-f]{64}))?(?:\.(.+))?$/;

/**
 * Takes the path of a file below a stamps directory apart.
 *
 * @param path with "/" between folders
 * @returns `undefined` if this is no name of a stamp
 */
export function findStampName(path: string): StampName | undefined {
  const folders = path.split("/");
  const file = folders.pop() ?? "";
  const match = NAME.exec(file);
  if (match === null || folders.length > 2) return undefined;
  const [, pv = "", task = "", setscene, data, hash, rest = ""] = match;
  const [arch = "", pn = null] = folders;
  const isTaint = hash === undefined && rest === "taint";
  if (data !== undefined && (hash === undefined || rest !== "" || setscene !== undefined)) return undefined;
  const kind = (data as "sigdata" | "sigbasedata" | undefined) ?? (isTaint ? "taint" : setscene ? "setscene" : "real");
  return { kind, arch, pn, pv, task, hash: hash ?? null, extra: isTaint ? "" : rest };
}
