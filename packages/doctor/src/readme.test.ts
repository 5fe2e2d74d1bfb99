import { readdir, readFile } from "node:fs/promises";
import { classifySstateFile } from "@depid/sstate";
import { expect, it } from "vitest";
import * as doctor from "./index.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

it("works as its README says", () => {
  const [, names = "", code = ""] = /```ts\nimport (\{[^}]*\}) from .*\n([\s\S]*?)```/.exec(readme) ?? [];
  const run = new Function("doctor", "files", `const ${names} = doctor;\n${code}\nreturn findings;`);
  const path = `ab/ab/sstate:a:x:1:r0:x:14:${"ab".repeat(32)}_deploy.tar.zst`;
  const { kind, found } = classifySstateFile(path);
  expect(run(doctor, [{ path, kind, name: found?.name, bytes: 0, readable: true, modified: 0 }])).toMatchObject([
    { id: "empty-object", severity: "error" },
  ]);
});

it("its README lists the findings that the rules make", async () => {
  const rules = new URL("./rules/", import.meta.url);
  const files = (await readdir(rules)).filter((name) => name.endsWith("-rules.ts"));
  const sources = await Promise.all(files.map((name) => readFile(new URL(name, rules), "utf8")));
  const ids = sources.flatMap((text) => [...text.matchAll(/(?:\bid: |\bone\(\s*)"([\w-]+)"/g)].map(([, id]) => id));
  const isFault = (id: string | undefined) => /^(unreachable|silent|foreign|refuses)$/.test(id ?? "");
  const made = ids.flatMap((id) => (isFault(id) ? [`server-${id}`, `upstream-${id}`] : [id]));
  const table = readme.slice(readme.indexOf("## Findings"));
  const listed = [...table.matchAll(/`([\w-]+)`/g)].map(([, id]) => id);
  expect([...new Set(listed)].sort()).toEqual([...new Set(made)].sort());
});
