import { diffOutHashTexts } from "@depid/bitbake";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { Example } from "../finding.ts";

/** Files that an example names. */
const FILES = 4;

/**
 * What the outputs of one taskhash differ in, where the server kept the texts of two of them: files with the columns that differ, and
 * who reported them. Empty if it did not.
 */
export function findDivergence(db: DatabaseSyncInstance, { taskhash }: Example): Example {
  if (taskhash === undefined) return {};
  const rows = db
    .prepare("SELECT outhash, owner, text FROM outhash WHERE taskhash = ? AND text IS NOT NULL ORDER BY id")
    .all(String(taskhash)) as readonly { readonly outhash: unknown; readonly owner: unknown; readonly text: unknown }[];
  const [first, ...others] = rows;
  const second = others.find((it) => it.text !== first?.text);
  if (first === undefined || second === undefined) return {};
  const found = diffOutHashTexts(String(first.text), String(second.text));
  const named = found.slice(0, FILES).map(({ path, what }) => `${path} (${what.join(", ")})`);
  const owners = [first, second].map((it) => (it.owner === null ? "unknown" : String(it.owner)));
  return {
    differs: `${named.join(" ")}${found.length > FILES ? ` and ${found.length - FILES} more` : ""}`,
    by: owners.join(" and "),
  };
}
