import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStorage, startServer } from "@depid/hashserv";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { REPOSITORY, runDepid } from "../testing/run-depid.ts";

const server = await startServer({ bind: "127.0.0.1:0", storage: createMemoryStorage() });
afterAll(() => server.close());

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-execution-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const SCENARIO = `format: depid-scenario/1
title: two tasks
explanation: What the commands of lib write decides.
recipes:
  lib:
    tasks:
      do_install:
        setscene: true
        variables: { LEVEL: "1" }
        run: |
          echo "LEVEL" > "$D/level"
  app:
    tasks:
      do_package:
        needs: lib:do_install
        setscene: true
        run: |
          cat inputs/lib:do_install/level > "$D/app"
policies: [basichash, equivhash, basic]
steps:
  - title: the first build
  - title: another level
    changes: [{ task: lib:do_install, variables: { LEVEL: "2" }, does: propagating }]
`;

async function replay(text: string, ...flags: string[]) {
  const file = join(folder, "s.yaml");
  await writeFile(file, text);
  return runDepid("replay", file, "--server", server.address, ...flags);
}

/** What each policy ran in the last step. */
async function ran(text: string, ...flags: string[]): Promise<Record<string, readonly string[]>> {
  const { stdout } = await replay(text, "--json", ...flags);
  const builds: readonly { step: number; policy: string; executed: string[] }[] = JSON.parse(stdout).scenario.builds;
  return Object.fromEntries(builds.flatMap((it) => (it.step === 1 ? [[it.policy, it.executed]] : [])));
}

const ALL = ["lib:do_install", "app:do_package"];

describe("depid replay --execute", () => {
  it("does the scenario that comes with depid as its labels say, task for task, and its outputs are what the replay says", async () => {
    const buildsOf = async (...flags: string[]) => {
      const said = await runDepid("replay", "real-commands", "--server", server.address, "--json", ...flags);
      return { status: said.status, scenario: JSON.parse(said.stdout).scenario };
    };
    const [labelled, executed] = [await buildsOf(), await buildsOf("--execute")];
    expect([labelled.status, executed.status]).toEqual([0, 0]);
    expect(executed.scenario.builds).toEqual(labelled.scenario.builds);
    expect(executed.scenario.expected.every((it: { holds: boolean }) => it.holds)).toBe(true);
    const { execution } = executed.scenario;
    expect(execution).toMatchObject({ differences: [] });
    const sum = (what: "executed" | "restored") =>
      executed.scenario.builds.reduce((all: number, it: Record<string, string[]>) => all + (it[what]?.length ?? 0), 0);
    expect([execution.executed, execution.restored]).toEqual([sum("executed"), sum("restored")]);
    expect(execution.stored).toBeGreaterThan(0);
  });

  it("goes by what commands write, and not by what the scenario says of it", async () => {
    expect((await ran(SCENARIO)).equivhash).toEqual(ALL);
    expect((await ran(SCENARIO, "--execute")).equivhash).toEqual(["lib:do_install"]);
    const seen = SCENARIO.replace('echo "LEVEL"', 'echo "$LEVEL"').replace("does: propagating", "does: neutral");
    expect((await ran(seen)).equivhash).toEqual(["lib:do_install"]);
    expect((await ran(seen, "--execute")).equivhash).toEqual(ALL);
  });

  it("restores what is stale where the replay says so, in a directory that is kept too", async () => {
    const seen = SCENARIO.replace('echo "LEVEL"', 'echo "$LEVEL"');
    for (const builder of ["fresh", "persistent"]) {
      const { status, stdout } = await replay(seen, "--execute", "--builder", builder);
      expect([status, stdout]).toEqual([0, expect.stringContaining("all are as it says.")]);
    }
  });

  it("tells of an output that two runs with the same inputs make otherwise", async () => {
    const { status, stdout } = await replay(SCENARIO.replace('echo "LEVEL"', 'echo "$WORKDIR"'), "--execute");
    expect(status).toBe(1);
    expect(stdout).toContain(
      "- NOT AS REPLAYED: step 0, basichash, lib:do_install: expected an output as in a clean build, found another one",
    );
  });

  it.each<[string, string, readonly string[], RegExp]>([
    [
      "a command that fails",
      SCENARIO.replace('echo "LEVEL" >', "echo why >&2; exit 7; :"),
      [],
      /^depid: .*s\.yaml@0: lib:do_install: its command ended with status 7; stderr: why$/m,
    ],
    [
      "a command that takes too long",
      SCENARIO.replace('echo "LEVEL" >', "sleep 1000000; :"),
      ["--execute-limit", "1"],
      /s\.yaml@0: lib:do_install: its command took more than 1 s and was ended/,
    ],
    [
      "a task without a command",
      SCENARIO.replace('        run: |\n          cat inputs/lib:do_install/level > "$D/app"\n', ""),
      [],
      /s\.yaml@0: app:do_package: expected commands \(run\) to be executed, found none in the scenario/,
    ],
  ])("does not go on after %s: one error, nothing printed, nothing left", async (_what, text, flags, message) => {
    const before = await leftovers();
    const { status, stdout, stderr } = await replay(text, "--execute", ...flags);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(await leftovers()).toEqual(before);
  });

  it("has tasks take the seconds that their commands took, where that is asked for", async () => {
    const durationsOf = async (...flags: string[]) =>
      JSON.parse((await replay(SCENARIO, "--json", ...flags)).stdout).durations;
    expect(await durationsOf("--execute")).toBe(null);
    expect(await durationsOf("--execute-times")).toMatchObject({
      names: ["executed"],
      knowsRestoring: false,
      shares: { real: { measured: 2 } },
    });
  });

  it("has a build directory for each builder of a topology, and the caches that they share", async () => {
    const topology = `topology:
  builders:
    - { name: ci, kind: fresh }
    - { name: desk, kind: persistent }
`;
    const { status, stdout } = await replay(SCENARIO.replace("steps:", `${topology}steps:`), "--execute");
    expect([status, stdout]).toEqual([0, expect.stringContaining("all are as it says.")]);
    expect(stdout).toContain("- basichash by desk runs nothing; restores lib:do_install, app:do_package");
    const diverging = topology.replace("kind: persistent }", "kind: persistent, diverges: [lib] }");
    const refused = await replay(SCENARIO.replace("steps:", `${diverging}steps:`), "--execute");
    expect([refused.status, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toContain("share caches, found builder desk with diverges");
  });

  it("is for scenarios, and outcomes that are executed are for it", async () => {
    const history = join(REPOSITORY, "examples/meta-mini/recorded/history.jsonl.gz");
    const other = await runDepid("replay", history, "--execute");
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining("--execute: expected a scenario")]);
    const without = await replay(SCENARIO, "--outcomes", "executed");
    expect([without.status, without.stderr]).toEqual([2, expect.stringContaining("expected --execute with it")]);
  });
});

/** Folders of executions that are still there, others' included. */
async function leftovers(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((it) => it.startsWith("depid-execute-")).sort();
}
