import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { guardStdout } from "@depid/command-line";
import { runHashclient } from "./program.ts";

guardStdout("depid-hashclient");
process.exitCode = await runHashclient({
  args: process.argv.slice(2),
  input: readLines(),
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  openProgress: async () => (await import("@depid/command-line/progress")).openProgress("nothing"),
  readText: (path) => readFile(path, "utf8"),
  async readNetrc() {
    const { readNetrcFile } = await import("./netrc-file.ts");
    return readNetrcFile(join(homedir(), ".netrc"), (line) => process.stderr.write(`depid-hashclient: ${line}\n`));
  },
});

/** Reads stdin only once it is asked for. */
async function* readLines(): AsyncGenerator<string> {
  const { createInterface } = await import("node:readline");
  yield* createInterface({ input: process.stdin });
}
