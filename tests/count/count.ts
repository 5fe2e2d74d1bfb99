import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a run of tests came to. */
export interface Count {
  /** Of the `npm test` that ran them, `undefined` for others: tells whether a result is of this run or from the cache. */
  readonly run?: string | undefined;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** File and name of each test that failed, or what else went wrong. */
  readonly failures: readonly string[];
}

/** Where the count of a package's last run is: turbo keeps it with the result. */
export function countFile(folder: string): string {
  return join(folder, ".turbo/tests.json");
}

export function writeCount(folder: string, count: Count): void {
  const file = countFile(folder);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(count)}\n`);
}

/** @returns `undefined` when no run got so far as to write one */
export function readCount(folder: string): Count | undefined {
  try {
    return JSON.parse(readFileSync(countFile(folder), "utf8")) as Count;
  } catch {
    return undefined;
  }
}

/** The last line of a run: what was skipped stands above it. */
export function closingLine({ passed, failed, skipped }: Pick<Count, "passed" | "failed" | "skipped">): string {
  return `${skipped > 0 ? `${skipped} skipped\n` : ""}${passed} passed, ${failed} failed\n`;
}
