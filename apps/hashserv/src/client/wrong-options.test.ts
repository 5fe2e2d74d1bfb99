import { noProgress } from "@depid/command-line/progress";
import { Command, type Option } from "commander";
import { describe, expect, it } from "vitest";
import { LOOKUPS } from "./lookup-commands.ts";
import { runHashclient } from "./program.ts";
import { TIMING } from "./timing-commands.ts";
import { UPKEEP } from "./upkeep-commands.ts";
import { USERS } from "./user-commands.ts";

/** Nobody is there: what is wrong with a command line is said before anybody is asked. */
const NOBODY = ["--address", "unix://./none.sock"];

/** Runs the program, and expects it to refuse its options in one line. */
async function refusal(...args: readonly string[]): Promise<string> {
  let [said, printed] = ["", ""];
  const status = await runHashclient({
    args,
    input: (async function* () {})(),
    out: (text) => {
      printed += text;
    },
    error: (text) => {
      said += text;
    },
    openProgress: async () => noProgress,
    readText: async (path) => {
      throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: "ENOENT" });
    },
    readNetrc: async () => undefined,
  });
  expect([status, printed]).toEqual([2, ""]);
  expect(said).toMatch(/^depid-hashclient[^\n]*: [^\n]+\n$/);
  return said;
}

/** Each command with arguments that are right, and its options. */
const COMMANDS = [...LOOKUPS, ...UPKEEP, ...USERS, ...TIMING].map(({ syntax, configure }) => {
  const command = new Command().command(syntax);
  configure?.(command);
  const words = command.registeredArguments.map((it) => (it.name() === "seconds" ? "1" : "x"));
  return { line: [command.name(), ...words], options: command.options };
});
const OF_ALL = ["--address", "--log", "--login", "--password", "--become", "--tls-ca"];
const ALONE = ["--no-netrc", "--json"];
const rows = (wanted: (option: Option) => boolean) =>
  COMMANDS.flatMap(({ line, options }) => options.filter(wanted).map((it) => [line, it.long as string] as const));

const BAD: Readonly<Record<string, string>> = {
  "--address": "nonsense",
  "--log": "loud",
  "--tls-ca": "none.pem",
  "--where": "KEY",
  "--count": "many",
  "--clients": "0",
  "--requests": "1.5",
};
/** Any text is right: whether there is such a user is the server's to say. */
const TEXTS = ["--username", "--taskhash-seed", "--outhash-seed", "--login", "--password", "--become"];

describe("each option of depid-hashclient is refused in one line that names it, with status 2", () => {
  it("with a value that is none: every option that takes one is in the table, or takes any text", () => {
    const known = new Set([...OF_ALL, ...rows((it) => it.required).map(([, option]) => option)]);
    expect([...Object.keys(BAD), ...TEXTS].sort()).toEqual([...known].sort());
  });
  it.each(OF_ALL.filter((it) => it in BAD))("%s with a value that is none", async (option) => {
    expect(await refusal(option, BAD[option] ?? "", "ping")).toContain(option);
  });
  it.each(rows((it) => it.required && (it.long ?? "") in BAD))(
    "%j %s with a value that is none",
    async (line, option) => {
      expect(await refusal(...NOBODY, ...line, option, BAD[option] ?? "")).toContain(option);
    },
  );
  it.each(OF_ALL)("%s without its value", async (option) => {
    expect(await refusal(option)).toContain(option);
  });
  it.each(rows((it) => it.required))("%j %s without its value", async (line, option) => {
    expect(await refusal(...NOBODY, ...line, option)).toContain(option);
  });
  it.each(ALONE)("%s with a value, though it takes none", async (option) => {
    expect(await refusal(`${option}=x`, "ping")).toContain(`${option}=x`);
  });
  it.each(rows((it) => !it.required))("%j %s with a value, though it takes none", async (line, option) => {
    expect(await refusal(...NOBODY, ...line, `${option}=x`)).toContain(`${option}=x`);
  });
  it.each([...OF_ALL, ...ALONE])("%s misspelt is known again", async (option) => {
    expect(await refusal(`${option}x`, "ping")).toContain(`(did you mean ${option}?)`);
  });
  it.each(rows((it) => !it.mandatory))("%j %s misspelt is known again", async (line, option) => {
    expect(await refusal(...NOBODY, ...line, `${option}x`)).toContain(`(did you mean ${option}?)`);
  });
});
