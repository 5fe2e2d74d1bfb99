import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createServerProgram } from "./options.ts";
import { runHashserv } from "./program.ts";

const OPTIONS = createServerProgram({}, []).options.filter(({ long }) => long !== "--help" && long !== "--version");
const withValue = OPTIONS.filter((it) => it.required).map((it) => it.long as string);
const without = OPTIONS.filter((it) => !it.required).map((it) => it.long as string);

/** A value of each option that no server can be started with, and what else stands on the command line. */
const BAD: Readonly<Record<string, readonly [value: string, ...more: string[]]>> = {
  "--bind": ["nonsense"],
  "--database": ["mysql://x"],
  "--log": ["loud"],
  "--durability": ["some"],
  "--upstream": ["nonsense"],
  "--anon-perms": ["@write"],
  "--http": ["nonsense"],
  "--metrics": ["localhost:70000"],
  "--log-format": ["xml"],
  "--tls-cert": ["none.pem", "--tls-key", "none.pem"],
  "--tls-key": ["none.pem"],
  "--max-connections": ["many"],
  "--max-message": ["-1"],
  "--greeting-timeout": ["soon"],
  "--stop-timeout": ["never"],
  "--admin-user": ["x"],
  "--allow-host": ["http://a.example"],
};
/** Any text is right: what of it is wrong is the database's to say. */
const TEXTS = ["--db-username", "--db-password", "--admin-password"];

let directory: string;
let home: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
  home = process.cwd();
  process.chdir(directory);
});
afterEach(async () => {
  process.chdir(home);
  await rm(directory, { recursive: true });
});

/** Runs the program in an empty folder, and expects it to refuse its options in one line, and to have made nothing. */
async function refusal(...args: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const status = await runHashserv({
    args,
    env: {},
    print: (line) => void lines.push(line),
    ended: Promise.resolve(),
    exit: () => expect.unreachable("it ends by itself"),
  });
  expect([status, lines.length, await readdir(directory)]).toEqual([2, 1, []]);
  expect(lines[0]).toMatch(/^depid-hashserv: [^\n]+$/);
  return lines[0] ?? "";
}

describe("each option of depid-hashserv is refused in one line that names it, with status 2, and nothing is created", () => {
  it("with a value that is none: every option that takes one is in the table, or takes any text", () => {
    expect([...Object.keys(BAD), ...TEXTS].sort()).toEqual([...withValue].sort());
  });
  it.each(Object.entries(BAD))("%s with the value %j", async (option, [value, ...more]) => {
    expect(await refusal(option, value, ...more)).toContain(option);
  });
  it.each(withValue)("%s without its value", async (option) => {
    expect(await refusal(option)).toContain(option);
  });
  it.each(without)("%s with a value, though it takes none", async (option) => {
    expect(await refusal(`${option}=x`)).toContain(`${option}=x`);
  });
  it.each([...withValue, ...without])("%s misspelt is known again", async (option) => {
    expect(await refusal(`${option}x`)).toContain(`(did you mean ${option}?)`);
  });
});
