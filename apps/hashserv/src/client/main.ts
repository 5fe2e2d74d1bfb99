import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { guardStdout } from "@depid/command-line";
import { openProgress } from "@depid/command-line/progress";
import { readNetrcFile } from "./netrc-file.ts";
import { runHashclient } from "./program.ts";

guardStdout("depid-hashclient");
process.exitCode = await runHashclient({
  args: process.argv.slice(2),
  input: readLines(),
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  progress: await openProgress("nothing"),
  readText: (path) => readFile(path, "utf8"),
  readNetrc: () =>
    readNetrcFile(join(homedir(), ".netrc"), (line) => process.stderr.write(`depid-hashclient: ${line}\n`)),
});

/** Reads stdin only once it is asked for. */
async function* readLines(): AsyncGenerator<string> {
  yield* createInterface({ input: process.stdin });
}
