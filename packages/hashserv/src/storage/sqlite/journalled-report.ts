import type { DecidedReport } from "../pending-rows.ts";
import type { StorageTransaction } from "../storage.ts";

/** Reports as one line of text, to be kept in a file or told to a thread. */
export function formatJournalled(reports: readonly DecidedReport[]): string {
  return JSON.stringify(reports);
}

function parseJournalled(text: string): readonly DecidedReport[] {
  return JSON.parse(text) as readonly DecidedReport[];
}

/**
 * Puts reports into the tables as they were answered; those that are there already are left as they are. One table after
 * the other: of many reports, the pages of one fit into memory where those of both do not.
 */
export async function writeJournalled(rows: StorageTransaction, texts: readonly string[]): Promise<void> {
  const all = texts.flatMap(parseJournalled);
  for (const { depid, ...row } of all) await rows.insertOutHash(row);
  for (const { method, taskhash, depid } of all) await rows.insertEquivalence({ method, taskhash, depid });
}
