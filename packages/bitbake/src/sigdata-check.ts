import { sha256Hex, type Tid } from "@depid/hash";
import { taskHashOf } from "@depid/siggen";
import type { Sigdata } from "./sigdata.ts";

/** A hash of a signature file that is not the hash of what the file holds. */
export interface HashMismatch {
  /** Name of the file. */
  readonly file: string;
  /** `[mc:NAME:]PN:TASK`. */
  readonly task: string;
  readonly hash: "basehash" | "taskhash";
  /** What the file says. */
  readonly stated: string;
  /** What comes out of its content. */
  readonly computed: string;
}

/** A hash that is not that of the content, before it is said of which file. */
export type WrongHash = Pick<HashMismatch, "hash" | "stated" | "computed">;

/** The hashes of a signature file that differ from those computed from its content (signatures.md sections 1 to 3). */
export function checkSigdata(sigdata: Sigdata): readonly WrongHash[] {
  return checkHashes(sigdata, sha256Hex(baseHashText(sigdata)));
}

/** The same where the basehash of the variables is known. @param ownBasehash SHA-256 of `baseHashText` */
export function checkHashes(
  { basehash, hashed }: Pick<Sigdata, "basehash" | "hashed">,
  ownBasehash: string,
): readonly WrongHash[] {
  const found: WrongHash[] = [];
  if (ownBasehash !== basehash) found.push({ hash: "basehash", stated: basehash, computed: ownBasehash });
  if (hashed === undefined) return found;
  const { deps, files, taint, taskhash } = hashed;
  const computed = taskHashOf({
    tid: "" as Tid,
    basehash,
    hashdeps: [],
    depids: deps.map(({ depid }) => depid),
    files,
    taint,
  });
  if (computed !== taskhash) found.push({ hash: "taskhash", stated: taskhash, computed });
  return found;
}

/** The text that a basehash is the SHA-256 of: that of the task, then name and text of each variable by code point. */
export function baseHashText({ task, taskdeps, varvals }: Sigdata): string {
  let text = varvals.get(task) ?? "";
  for (const name of taskdeps) text += name + (varvals.get(name) ?? "");
  return text;
}

/** One line for a mismatch. */
export function formatMismatch({ file, task, hash, stated, computed }: HashMismatch): string {
  return `${task}: ${hash} is ${stated}, but the content of the file gives ${computed}: ${CAUSE} (${file})`;
}

const CAUSE = "a worker that parsed other metadata than the server writes such a file, or it was changed later";
