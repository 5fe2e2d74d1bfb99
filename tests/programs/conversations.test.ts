import { join } from "node:path";
import { runCommand } from "@depid/conformance";
import { argsForProgram } from "@depid/hashserv/thread";
import { expect, it } from "vitest";
import { PROGRAMS, REPOSITORY } from "./programs.ts";

const TRANSCRIPTS = join(REPOSITORY, "fixtures/hashserv/transcripts");
const SERVER = [process.execPath, ...argsForProgram(join(REPOSITORY, PROGRAMS["depid-hashserv"]))].join(" ");

it("a recorded conversation is replayed against any server: its command gets the flags of bitbake-hashserv", async () => {
  const recordings = ["read-only", "restart", "upstream"].map((name) => join(TRANSCRIPTS, `${name}.jsonl`));
  const [out, errors]: [string[], string[]] = [[], []];
  const code = await runCommand(["--server-cmd", SERVER, ...recordings], {
    out: (line) => out.push(line),
    error: (line) => errors.push(line),
    colours: false,
  });
  expect([code, errors]).toEqual([0, []]);
  expect(out).toEqual([...recordings.map((path) => `agrees  ${path}`), "3 passed, 0 failed, 0 skipped"]);
});
