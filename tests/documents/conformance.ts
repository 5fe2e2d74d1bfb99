import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "@depid/conformance";
import { REPOSITORY } from "../../apps/simulator/src/testing/run-depid.ts";
import type { Example } from "./example.ts";

const FIXTURES = join(REPOSITORY, "fixtures");

function conformance(what: string, prepare: (folder: string) => Promise<unknown>): Example {
  return {
    what,
    print: async (folder) => {
      await prepare(folder);
      const lines: string[] = [];
      await runCommand(["--json", folder], { out: (line) => lines.push(line), error: () => {}, colours: false });
      return lines.join("\n");
    },
  };
}

async function alter(recording: string, to: string, text: RegExp, by: string): Promise<void> {
  await writeFile(to, (await readFile(join(FIXTURES, recording), "utf8")).replace(text, by));
}

export const CONFORMANCE: readonly Example[] = [
  conformance("each kind of recording, knowing differences", async (folder) => {
    const recordings = [
      "outhash/o01-empty.json",
      "runqueue/h01-first-and-again.json",
      "../examples/meta-mini/recorded/history.jsonl.gz",
      "hashserv/transcripts/quirk-odd-types.jsonl",
    ];
    for (const [i, it] of recordings.entries()) await copyFile(join(FIXTURES, it), join(folder, `${i}`));
  }),
  conformance("recordings that differ, wait for something, or are broken", async (folder) => {
    await alter("outhash/o01-empty.json", join(folder, "differs"), /drwx /, "dr-x ");
    await alter("outhash/o01-empty.json", join(folder, "awaits"), /"variables": {/, '"variables": { "NEW": "1",');
    await writeFile(join(folder, "broken"), '{"format": 1,');
  }),
];
