import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { parseOptions } from "./options.ts";

const DEPLOY = new URL("../../../docs/deploy/", import.meta.url);

it("depid-hashserv.service has the signal sent that makes the program read its certificate again", async () => {
  const text = await readFile(new URL("depid-hashserv.service", DEPLOY), "utf8");
  expect(text).toContain("\nExecReload=/bin/kill -HUP $MAINPID\n");
});

it.each(["depid-hashserv.service", "Containerfile"])("%s sets what the program knows", async (name) => {
  const text = await readFile(new URL(name, DEPLOY), "utf8");
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const settings = [...text.matchAll(/\b(HASHSERVER_\w+)=(\S+)/g)].map(
    ([, key = "", value = ""]) => [key, value] as const,
  );
  expect(settings.length).toBeGreaterThan(4);
  for (const [key] of settings) expect(readme).toContain(`\`${key}`);
  const options = parseOptions([], Object.fromEntries(settings));
  expect(options).toMatchObject({ bind: ":8686", log: "INFO", logFormat: "json" });
  expect([...options.anonymous]).toEqual(["@read", "@report"]);
  expect(options.metrics).toContain(":9786");
});
