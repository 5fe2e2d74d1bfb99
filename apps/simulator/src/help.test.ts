import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProgram, examplesOf, pathOf, plant } from "@depid/command-line";
import { CommanderError } from "commander";
import { afterAll, describe, expect, it, vi } from "vitest";
import { COMMANDS, EXAMPLES, entriesFor } from "./commands.ts";
import type { DepidCommand } from "./depid-command.ts";
import { Shutdown } from "./shutdown.ts";
import { commandsBelow, createAll } from "./testing/command-tree.ts";

const shutdown = new Shutdown();
afterAll(() => shutdown.run());

let printed = "";
const take = (text: string) => {
  printed += text;
};
const output = { out: take, error: take };

const OWN = ["help", "man", "completion"];
const all = commandsBelow(await createAll(output, shutdown)).filter((it) => !OWN.includes(it.name()));

/** By the words that call them. */
function entriesBelow(words: string, entries: readonly DepidCommand[]): readonly (readonly [string, DepidCommand])[] {
  return entries.flatMap((it) => {
    const path = `${words} ${it.name}`;
    return [[path, it] as const, ...entriesBelow(path, it.commands ?? [])];
  });
}

describe("the help of every command", () => {
  it.each(all.map((command) => [pathOf(command), command] as const))(
    "%s: has two examples and 80 columns",
    (_path, command) => {
      printed = "";
      command.outputHelp();
      expect(printed.match(/^ {2}\$ depid /gm)?.length).toBeGreaterThanOrEqual(2);
      expect(printed.split("\n").filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it("says the same as the list of commands", () => {
    const entries = new Map(entriesBelow("depid", COMMANDS));
    for (const command of all) expect(command.description()).toBe(entries.get(pathOf(command))?.summary);
    expect(all).toHaveLength(entries.size);
  });

  it.each([...EXAMPLES, ...all.flatMap(examplesOf)].map(({ line }) => line))(
    "has an example that is right usage: %s",
    async (line) => {
      const program = await createAll(output, shutdown);
      let ran = 0;
      for (const command of commandsBelow(program))
        if (command.commands.length === 0)
          command.action(() => {
            ran += 1;
          });
      const words = line.replaceAll("'", "").split(" ").slice(1);
      await program.parseAsync(words, { from: "user" });
      expect(ran).toBe(1);
    },
  );

  it("is found at any depth: help import git", async () => {
    printed = "";
    const program = createProgram("depid", "", output);
    const words = ["help", "import", "git"];
    await plant(program, entriesFor(shutdown), words);
    await expect(program.parseAsync(words, { from: "user" })).rejects.toThrow(CommanderError);
    expect(printed).toMatch(/^Usage: depid import git \[options\] <directory>\n/);
  });
});

async function run(words: readonly string[]): Promise<string> {
  printed = "";
  const program = createProgram("depid", "Measures", output);
  await plant(program, entriesFor(shutdown), words);
  await program.parseAsync(words, { from: "user" });
  return printed;
}

describe("the man pages", () => {
  it("are made of what the help is made of", async () => {
    const page = await run(["man", "import", "git"]);
    expect(page).toContain('.TH "DEPID\\-IMPORT\\-GIT" 1');
    expect(page).toContain('.B "\\-\\-range <A..B>"');
    expect(page).toContain(".SH EXAMPLES");
  });

  it("are written for all commands", async () => {
    const folder = await mkdtemp(join(tmpdir(), "depid-man-"));
    await run(["man", "-o", folder]);
    const names = await readdir(folder);
    await rm(folder, { recursive: true });
    expect(names).toEqual(expect.arrayContaining(all.map((it) => `${pathOf(it).replaceAll(" ", "-")}.1`)));
  });
});

/** What a command line writes with `console.log`, as the library of completion does. */
async function logged(words: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const spy = vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  await run(words).finally(() => spy.mockRestore());
  return lines.join("\n");
}

describe("completion", () => {
  it.each(["bash", "zsh", "fish"])("prints a script for %s that asks the program", async (shell) => {
    expect(await logged(["completion", shell])).toContain("depid complete --");
  });

  it.each([
    [["d"], ["doctor", "diff"]],
    [
      ["import", "s"],
      ["sigdata", "sstate", "stamps"],
    ],
    [["replay", "--bu"], ["--builder"]],
    [
      ["replay", "--builder", ""],
      ["fresh", "persistent"],
    ],
  ])("of %j offers %j", async (words, offered) => {
    const text = await logged(["complete", "--", ...words]);
    expect(text.split("\n").map((line) => line.split("\t")[0])).toEqual(expect.arrayContaining(offered));
  });

  it.each([
    ["import", "log", "gr"],
    ["import", "stamps", "-o", ""],
  ])("leaves files to the shell where a file may stand: %j", async (...words) => {
    expect(await logged(["complete", "--", ...words])).toBe(":0");
  });

  it("offers no files in place of a flag or beside commands", async () => {
    expect(await logged(["complete", "--", "import", "--nosuch"])).toBe(":4");
    expect(await logged(["complete", "--", "import", "s"])).toMatch(/:4$/);
  });
});
