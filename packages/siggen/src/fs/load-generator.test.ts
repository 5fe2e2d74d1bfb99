import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chain } from "@depid/task-graph/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { computeSignatures, type GeneratorContext, SiggenError } from "../index.ts";
import { loadGenerator } from "./index.ts";

const context: GeneratorContext = {
  method: "m",
  source: { getDepIds: async (queries) => queries.map(() => undefined) },
};
const GOOD = `{ name: "mine", stampHash: "taskhash", taskhash: (input) => input.basehash, depids: (tasks) => tasks.map((t) => t.taskhash) }`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-plugin-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function plugin(source: string): Promise<string> {
  const path = join(folder, "plugin.mjs");
  await writeFile(path, source);
  return path;
}

async function use(path: string): Promise<unknown> {
  return computeSignatures(chain(), (await loadGenerator(path))(context));
}

describe("a generator by module path", () => {
  it("is used like one that comes with the package", async () => {
    const create = await loadGenerator(await plugin(`export default () => (${GOOD});`));
    const generator = create(context);
    const graph = chain();
    const signatures = await computeSignatures(graph, generator);
    expect(generator.name).toBe("mine");
    expect(graph.tasks.map((task) => signatures.get(task.tid).taskhash)).toEqual(
      graph.tasks.map((task) => task.basehash),
    );
  });

  it.each([
    ["does not parse", "export default (", "cannot be loaded"],
    ["throws when loaded", "throw new Error('boom')", "cannot be loaded: boom"],
    [
      "has no default export",
      "export const x = 1",
      "expected a default export that makes a signature generator, found undefined",
    ],
    ["throws when made", "export default () => { throw new Error('boom') }", "threw boom"],
    ["makes nothing", "export default () => null", "expected a signature generator, found null"],
    ["lacks a member", `export default () => ({ ...${GOOD}, depids: 1 })`, "depids: expected a function"],
    [
      "has an unknown stampHash",
      `export default () => ({ ...${GOOD}, stampHash: "sha1" })`,
      "stampHash: expected none, taskhash or depid",
    ],
    [
      "throws for a task",
      `export default () => ({ ...${GOOD}, taskhash() { throw new Error("boom") } })`,
      "taskhash of a.bb:do_x: threw boom",
    ],
    [
      "answers no hash",
      `export default () => ({ ...${GOOD}, taskhash: () => "x" })`,
      'taskhash of a.bb:do_x: expected 64 lowercase hexadecimal digits, found "x"',
    ],
    [
      "answers too few depids",
      `export default () => ({ ...${GOOD}, depids: () => [] })`,
      "depids: expected 1 answers, found 0",
    ],
    [
      "answers no depid",
      `export default () => ({ ...${GOOD}, depids: (t) => t.map(() => 1) })`,
      "depid of a.bb:do_x: expected 64",
    ],
    [
      "rejects",
      `export default () => ({ ...${GOOD}, depids: async () => { throw new Error("boom") } })`,
      "depids: threw boom",
    ],
  ])("that %s gives one error with its path", async (_what, source, message) => {
    const path = await plugin(source);
    const error = await use(path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SiggenError);
    expect((error as Error).message).toContain(`plug-in ${path}: `);
    expect((error as Error).message).toContain(message);
  });

  it("that does not exist gives one error with its path", async () => {
    await expect(loadGenerator("./no-such-plugin.mjs")).rejects.toThrow(
      /^plug-in \.\/no-such-plugin\.mjs: cannot be loaded/,
    );
  });
});
