import { pathOf } from "@depid/command-line";
import type { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import { Shutdown } from "./shutdown.ts";
import { commandsBelow, createAll } from "./testing/command-tree.ts";

const shutdown = new Shutdown();
afterAll(() => shutdown.run());

let said = "";
const output = {
  out: () => {},
  error: (text: string) => {
    said += text;
  },
};

const OWN = ["help", "completion"];
const all = commandsBelow(await createAll(output, shutdown)).filter((it) => !OWN.includes(it.name()));

async function refuse(words: readonly string[]): Promise<string> {
  said = "";
  const program = await createAll(output, shutdown);
  await expect(program.parseAsync(words, { from: "user" })).rejects.toMatchObject({ exitCode: 2 });
  expect(said).toMatch(/^depid[^\n]*\n$/);
  return said;
}

const wordsOf = (command: Command) => pathOf(command).split(" ").slice(1);
/** The arguments and flags that a command cannot do without. */
const neededBy = (command: Command) => [
  ...command.registeredArguments.filter((it) => it.required).map(() => "x"),
  ...command.options.filter((it) => it.mandatory).flatMap((it) => [it.long ?? "", "x"]),
];

describe("every command of the table refuses, in one line that names it", () => {
  it.each(all.map((it) => [pathOf(it), it] as const))("%s: a flag there is none of", async (path, command) => {
    const line = await refuse([...wordsOf(command), ...neededBy(command), "--no-such-flag"]);
    expect(line).toContain(`${path}: unknown option '--no-such-flag'`);
  });

  const needing = all.filter((it) => it.registeredArguments.some((argument) => argument.required));
  it.each(needing.map((it) => [pathOf(it), it] as const))("%s: a missing argument", async (path, command) => {
    const flags = neededBy(command).filter((it, i, list) => it.startsWith("-") || list[i - 1]?.startsWith("-"));
    expect(await refuse([...wordsOf(command), ...flags])).toContain(`${path}: missing required argument`);
  });

  const flags = all.flatMap((it) =>
    it.options.filter((flag) => flag.required).map((flag) => [`${pathOf(it)} ${flag.long}`, it, flag] as const),
  );
  it.each(flags)("%s: a missing value", async (_line, command, flag) => {
    const line = await refuse([...wordsOf(command), ...neededBy(command), flag.long ?? ""]);
    expect(line).toContain(`${pathOf(command)}: option '${flag.flags}' argument missing`);
  });

  const choices = flags.filter(([, , flag]) => flag.argChoices !== undefined);
  it.each(choices)("%s: a value there is none of", async (_line, command, flag) => {
    const line = await refuse([...wordsOf(command), ...neededBy(command), flag.long ?? "", "no-such-value"]);
    expect(line).toContain(`${pathOf(command)}: option '${flag.flags}' argument 'no-such-value' is invalid`);
  });
});
