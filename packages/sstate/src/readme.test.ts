import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDepId } from "@depid/hash";
import { expect, it } from "vitest";
import { createDirectoryTree } from "./fs/index.ts";
import * as sstate from "./index.ts";

/** The statements of the README's example, without its imports and declarations of what it is given. */
function exampleOf(readme: string): string {
  const [, code = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  return code.replace(/^import .*$/gm, "");
}

it("the README's example runs and gives what its comments say", async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const directory = mkdtempSync(join(tmpdir(), "sstate-"));
  writeFileSync(join(directory, "hello"), "hello\n");
  const depid = parseDepId("a1b2".repeat(16));
  const scope = { ...sstate, createDirectoryTree, directory, depid };
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const run = AsyncFunction(
    ...Object.keys(scope),
    `${exampleOf(readme)}; return { name, text, listed: await store.list(), again: await store.put([{ name, content: "" }]) };`,
  );
  const result = await run(...Object.values(scope));
  rmSync(directory, { recursive: true });
  const name = `a1/b2/sstate:hello:core2-64-poky-linux:2.12.1:r0:core2-64:14:${depid}_deploy.tar.zst`;
  expect(result).toMatchObject({ name, listed: [name], again: ["kept"] });
  expect(result.text).toContain(" ./hello\n");
});
