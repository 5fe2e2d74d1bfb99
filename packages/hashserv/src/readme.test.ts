import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Hex } from "@depid/hash";
import { expect, it } from "vitest";
import * as hashserv from "./index.ts";

it("works as its README says", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, names = "", code = ""] = /```ts\nimport (\{[^}]*\}) from .*\n([\s\S]*?)```/.exec(readme) ?? [];
  const directory = await mkdtemp(join(tmpdir(), "hashserv-"));
  const lines: string[] = [];
  const run = new Function(
    "hashserv",
    "database",
    "one",
    "two",
    "console",
    `const ${names} = hashserv;\nreturn (async () => {${code}\nreturn depid;})()`,
  );
  const [one, two] = [sha256Hex("1"), sha256Hex("2")];
  const console = { log: (line: string) => lines.push(line) };
  expect(await run(hashserv, join(directory, "hashserv.db"), one, two, console)).toBe(one);
  expect(lines).toEqual([expect.stringMatching(/^localhost:\d+$/)]);
  await rm(directory, { recursive: true });
});
