import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describePolicy } from "@depid/replay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { choosePolicies } from "./policies.ts";
import { REPOSITORY } from "./testing/run-depid.ts";

/** Outside the repository: nothing of it can be imported from there. */
const folder = await mkdtemp(join(tmpdir(), "depid-policies-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const template = join(folder, "template.mjs");
await copyFile(join(REPOSITORY, "examples/policies/template.mjs"), template);
const [policy] = await choosePolicies(template);

describePolicy("the template of a plug-in", () => policy as NonNullable<typeof policy>);

describe("a plug-in with a policy", () => {
  const load = async (name: string, text: string) => {
    const file = join(folder, name);
    await writeFile(file, text);
    return { file, chosen: choosePolicies(file) };
  };

  it("is called by its path, and says itself what it does", () => {
    expect([policy?.name, policy?.definition]).toEqual([template, expect.stringContaining("documentation tools")]);
  });

  it.each([
    ["throws", "export const policy = () => { throw new Error('boom'); };", "policy threw boom"],
    ["says nothing", "export const policy = () => ({});", "policy: definition: "],
    [
      "has no such moment",
      `export const policy = ({ byDepId, everyTask }) => ({ definition: "x", rebuilder: byDepId(), server: { reporter: everyTask, adoption: "never" } });`,
      "policy: server.adoption: ",
    ],
  ])("is refused with its path if it %s", async (what, text, problem) => {
    const { file, chosen } = await load(`${what.replaceAll(" ", "-")}.mjs`, text);
    await expect(chosen).rejects.toThrow(`plug-in ${file}: ${problem}`);
  });

  it("does not see the truth", async () => {
    const text = `export const policy = ({ byHash, createBasicHash }) => ({ definition: "x", rebuilder: { ...byHash(createBasicHash), createGenerator: ({ truthOf }) => truthOf("x") } });`;
    const [plugged] = await (await load("peeps.mjs", text)).chosen;
    expect(() => plugged?.rebuilder.createGenerator({} as never)).toThrow("asked for the truth");
  });
});
