import { readFileSync } from "node:fs";
import * as sstate from "@depid/sstate";
import * as taskGraphTesting from "@depid/task-graph/testing";
import { expect, it } from "vitest";
import * as runqueue from "./index.ts";
import * as testing from "./testing/index.ts";

it("the example of the README prints what it says", async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const printed: unknown[] = [];
  const modules = { ...sstate, ...taskGraphTesting, ...runqueue, ...testing };
  const body = example.replace(/^import .*$/gm, "").replaceAll(" as const", "");
  const run = new Function("modules", "console", `with (modules) { return (async () => {${body}})(); }`);
  await run(modules, { log: (value: unknown) => printed.push(value) });
  const promised = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => JSON.parse(text ?? ""));
  expect(printed).toEqual(promised);
});
