import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStorage, startServer } from "@depid/hashserv";
import { listScenarios } from "@depid/scenario/fs";
import { afterAll, describe, expect, it } from "vitest";
import { runDepid } from "./testing/run-depid.ts";

const folder = await mkdtemp(join(tmpdir(), "depid-scenario-"));
const server = await startServer({ bind: "127.0.0.1:0", storage: createMemoryStorage() });
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const scenarios = await listScenarios();
const names = scenarios.map(({ name }) => name);

const SCENARIO = `format: depid-scenario/1
title: two tasks
explanation: Of the second nothing changes.
recipes: { lib: { tasks: { do_x: { setscene: true } } }, app: { tasks: { do_x: { needs: lib:do_x } } } }
policies: [basichash]
steps:
  - title: first
  - title: a comment
    changes: [{ task: lib:do_x, variables: { do_x: "# new" }, does: neutral }]
    expect: { basichash: { runs: [lib:do_x] } }
`;

async function put(text: string): Promise<string> {
  const file = join(folder, "small.yaml");
  await writeFile(file, text);
  return file;
}

describe("depid replay of a scenario", () => {
  it.each(names)("goes as it says against a real server: %s", async (name) => {
    const { status, stdout, stderr } = await runDepid("replay", name, "--server", server.address);
    expect([status, stderr.includes("depid:")], stdout).toEqual([0, false]);
    expect(stdout).toContain("All of this is as the scenario says");
  });

  it("explains it, says what ran, and exits with 1 where that is not as it says", async () => {
    const { status, stdout } = await runDepid("replay", await put(SCENARIO), "--server", server.address);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^# two tasks\n\nOf the second nothing changes\.\n\n## What ran\n/);
    expect(stdout).toContain("- basichash runs all 2\n");
    expect(stdout).toContain(
      "NOT AS EXPECTED: step 1, basichash, executed: expected lib:do_x, found lib:do_x, app:do_x",
    );
  });

  it("holds it to nothing where it is replayed otherwise than it says", async () => {
    const { status, stdout } = await runDepid(
      "replay",
      await put(SCENARIO),
      "--builder",
      "persistent",
      "--server",
      server.address,
    );
    expect([status, stdout.includes("NOT AS EXPECTED")]).toEqual([0, false]);
  });

  it("refuses one that makes no sense, with file, line and column", async () => {
    const file = await put(SCENARIO.replace("needs: lib:do_x", "needs: lib:do_y"));
    const { status, stderr } = await runDepid("replay", file);
    expect(status).toBe(2);
    expect(stderr).toContain(`depid: ${file}:4: column 89: recipes.app.tasks.do_x.needs: expected a task of recipes`);
  });

  it("takes outcomes of a scenario for nothing else", async () => {
    const history = "examples/meta-mini/recorded/history.jsonl.gz";
    const { status, stderr } = await runDepid("replay", history, "--outcomes", "scenario");
    expect(status).toBe(2);
    expect(stderr).toContain("--outcomes scenario: expected a scenario to be replayed, found a history");
  });
});

describe("depid explain of a scenario", () => {
  it("explains it, and a task of its last step against the one before", async () => {
    const { status, stdout } = await runDepid("explain", await put(SCENARIO), "app:do_x");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^# two tasks\n/);
    expect(stdout).toContain("small.yaml@0: changed");
  });

  it.each(scenarios)(
    "explains each task of $name, in its last step and in its first",
    async ({ name, title, ...of }) => {
      let explained = 0;
      for (const task of new Set(of.names.values())) {
        const { status, stdout, stderr } = await runDepid("explain", name, task);
        // A step may have fewer targets.
        if (stderr.includes("no such task")) continue;
        explained += 1;
        expect([status === 2, stdout.startsWith(`# ${title}\n`)], stderr).toEqual([false, true]);
        expect(stdout).toContain(`against ${name}@${of.history.steps.length - 2}`);
      }
      expect(explained).toBeGreaterThan(0);
      const [task] = of.names.values();
      const { status } = await runDepid("explain", `${name}@0`, task as string);
      expect(status).toBe(0);
    },
  );

  it("names the steps that there are", async () => {
    const { status, stderr } = await runDepid("explain", "twins@7", "red:do_populate_sysroot");
    expect(status).toBe(2);
    expect(stderr).toContain("twins@7: no such step: expected a number from 0 to 1");
  });
});

it("depid scenarios lists those that come with it", async () => {
  const { stdout } = await runDepid("scenarios");
  expect(stdout).toMatch(/^fpga-chain +The FPGA chain/m);
});
