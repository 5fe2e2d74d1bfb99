import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ReplayDocument } from "@depid/replay/documents";
import { afterAll } from "vitest";
import { REPOSITORY, runDepid } from "../../apps/simulator/src/testing/run-depid.ts";

const folder = mkdtempSync(join(tmpdir(), "depid-browser-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MINI = join(REPOSITORY, "examples/meta-mini");
/** A recorded history of a few recipes, with what a person knows of its changes. */
export const MINI_REPLAY = [
  join(MINI, "recorded/history.jsonl.gz"),
  ...["--outcomes", `labels:${join(MINI, "labels.yaml")}`],
  ...["--durations", join(MINI, "recorded/kept/durations.csv")],
];

/** A report with what the same command printed. */
export interface Report {
  /** Of the page, as a file. */
  readonly url: string;
  readonly printed: ReplayDocument;
}

/** A file that is gone when the tests are over. */
export function temporary(name: string): string {
  return join(folder, name);
}

/** Replays what is named, and has the page written. */
export async function makeReport(name: string, ...args: readonly string[]): Promise<Report> {
  const file = temporary(`${name}.html`);
  const { status, stdout, stderr } = await runDepid("replay", ...args, "--json", "--html", file);
  if (status !== 0) throw new Error(`no report ${name}: ${stderr}`);
  return { url: pathToFileURL(file).href, printed: JSON.parse(stdout) };
}
