import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import * as protocol from "./index.ts";

it("works as its README says", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, names = "", code = ""] = /```ts\nimport (\{[^}]*\}) from .*\n([\s\S]*?)```/.exec(readme) ?? [];
  const run = new Function("protocol", `const ${names} = protocol;\n${code}\nreturn request;`);
  expect(run(protocol)).toEqual({ name: "get", args: { method: "OEOuthashBasic", taskhash: "1f0a", all: false } });
});
