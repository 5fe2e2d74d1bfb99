import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCapture, writeCapture } from "@depid/task-graph/fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CASES, runDepid } from "../testing/run-depid.ts";

const LOCKED = join(CASES, "17-locked-inputs");
const BEFORE = join(LOCKED, "before.jsonl.gz");
const AFTER = join(LOCKED, "after.jsonl.gz");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-cases-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("an edit that a lock keeps from being built (case 17)", () => {
  it("is said by diff, and not taken for equivalence", async () => {
    const { status, stdout } = await runDepid("diff", BEFORE, AFTER);
    expect(status).toBe(1);
    expect(stdout).toContain("\n1 changed task keeps its depid by a lock: the edit is NOT built\n");
    expect(stdout).toContain("\n0 changed tasks kept the depid: stopped by equivalence\n");
    expect(stdout).toContain("   NOT built: a lock holds minilib:do_compile\n");
  });

  it("is said in Markdown and in JSON", async () => {
    const [markdown, json] = await Promise.all([
      runDepid("diff", BEFORE, AFTER, "--markdown"),
      runDepid("diff", BEFORE, AFTER, "--json"),
    ]);
    expect(markdown.stdout).toContain("**1 changed task keeps its depid by a lock: the edit is NOT built**");
    expect(JSON.parse(json.stdout)).toMatchObject({
      counts: { stopped: 0, held: 1 },
      stopped: [],
      held: ["minilib:do_compile"],
      tasks: [{ name: "minilib:do_compile", kept: "lock" }],
    });
  });

  it("is said by explain", async () => {
    const { stdout } = await runDepid("explain", AFTER, "minilib:do_compile", "--against", BEFORE);
    expect(stdout).toContain("of a lock (SIGGEN_LOCKEDSIGS): the task is NOT built as it is here");
    expect(stdout).not.toContain("as a server said");
  });

  it("the other way round: nothing is held, and no server said so either", async () => {
    const { stdout } = await runDepid("diff", AFTER, BEFORE);
    expect(stdout).toContain("\n0 changed tasks kept the depid: stopped by equivalence\n");
    expect(stdout).toContain("1 changed task kept the depid, which a lock gave before and nothing holds now\n");
    expect(stdout).not.toContain("NOT built");
  });

  it.each([
    ["some tasks are locked, and this one has no setscene variant", false, "keeps its depid by a lock"],
    ["some tasks are locked, and a server may be asked for this one", true, "by a lock or by equivalence"],
  ])("where a capture does not tell which tasks are locked: %s", async (_, setscene, expected) => {
    const { header, tasks } = await readCapture(AFTER);
    const assumed = header.assumed.map((it) => it.replace("of 43 tasks", "of 12 tasks"));
    const file = join(folder, `some-${setscene}.jsonl`);
    await writeCapture(file, {
      header: { ...header, assumed },
      tasks: tasks.map((it) => (it.task === "do_compile" && it.pn === "minilib" ? { ...it, setscene } : it)),
    });
    const { stdout } = await runDepid("diff", BEFORE, file);
    expect(stdout).toContain(expected);
    expect(stdout).toContain("0 changed tasks kept the depid: stopped by equivalence");
  });

  it("where it is not told which are locked, a changed task that got another depid may not be built, which is counted", async () => {
    const { header, tasks } = await readCapture(AFTER);
    const assumed = header.assumed.map((it) => it.replace("of 43 tasks", "of 12 tasks"));
    const isOurs = (it: (typeof tasks)[number]) => it.task === "do_compile" && it.pn === "minilib";
    const file = join(folder, "other-depid.jsonl");
    const depid = "ab".repeat(32) as (typeof tasks)[number]["depid"];
    await writeCapture(file, {
      header: { ...header, assumed },
      tasks: tasks.map((it) => (isOurs(it) ? { ...it, setscene: true, depid } : it)),
    });
    const { stdout } = await runDepid("diff", BEFORE, file);
    expect(stdout).toContain(
      "\n1 changed task has another depid, by a lock or by equivalence: whether what it is now is",
    );
    const { counts } = JSON.parse((await runDepid("diff", BEFORE, file, "--json")).stdout);
    expect(counts).toMatchObject({ held: 0, perhapsHeld: 1 });
  });

  it("where a capture tells which tasks are locked, the others were stopped by equivalence", async () => {
    const { header, tasks } = await readCapture(AFTER);
    const withLock = (wanted: boolean) => ({
      header,
      tasks: tasks.map((it) =>
        (it.pn === "minilib" && it.task === "do_compile") === wanted ? { ...it, locked: true as const } : it,
      ),
    });
    const [own, others] = [join(folder, "own.jsonl"), join(folder, "others.jsonl")];
    await writeCapture(own, withLock(true));
    await writeCapture(others, withLock(false));
    expect((await runDepid("diff", BEFORE, own)).stdout).toContain("1 changed task keeps its depid by a lock");
    expect((await runDepid("diff", BEFORE, others)).stdout).toContain("1 changed task kept the depid: stopped");
  });
});

describe("locks that SIGGEN_LOCKEDSIGS_TYPES does not name (case 06)", () => {
  const file = join(CASES, "06-locked-types/locked-sigs.inc");

  it("are told to be without effect, as are groups that the file does not have", async () => {
    const { status, stdout } = await runDepid("import", "locked-sigs", file);
    expect(status).toBe(0);
    expect(stdout).toContain("\n1 of 3 signatures is in force\n");
    expect(stdout).toContain(
      "\ngroup t-zynqmp: 2 signatures without effect, as SIGGEN_LOCKEDSIGS_TYPES does not name it\n",
    );
    expect(stdout).toContain(
      "\ngroup t-aarch64: SIGGEN_LOCKEDSIGS_TYPES names it, and the file has no signature of it",
    );
  });

  it("of which the file does not tell whether they are in force are counted as such", async () => {
    const lines = ["m", "n"].map((machine) => `SIGGEN_LOCKEDSIGS_TYPES:${machine} = "t-a"`);
    const own = join(folder, "two-machines.inc");
    await writeFile(own, [...lines, `SIGGEN_LOCKEDSIGS_t-a = "a:do_b:${"1".repeat(64)}"`, ""].join("\n"));
    const { stdout } = await runDepid("import", "locked-sigs", own);
    expect(stdout).toContain("\nundecided: 1\n");
    expect(stdout).toContain(
      "\nperhaps in force: 1, as it is not known which groups count: SIGGEN_LOCKEDSIGS_TYPES is set",
    );
    await writeFile(
      own,
      [...lines, `SIGGEN_LOCKEDSIGS_t-a = "a:do_b:${"1".repeat(64)}"`, 'MACHINE = "n"', ""].join("\n"),
    );
    expect((await runDepid("import", "locked-sigs", own)).stdout).toContain(
      "\n1 of 1 signatures is in force\nmachine: n\n",
    );
  });

  it("are told in JSON and in the table", async () => {
    const table = join(folder, "locks.jsonl");
    const { stdout } = await runDepid("import", "locked-sigs", file, "--json", "-o", table);
    expect(JSON.parse(stdout)).toMatchObject({ signatures: 3, inForce: 1, withoutEffect: 2 });
    const rows = (await readFile(table, "utf8")).split("\n").flatMap((line) => {
      return line.startsWith('{"kind"') ? [JSON.parse(line)] : [];
    });
    expect(rows.map(({ pn, effective }) => [pn, effective])).toEqual([
      ["alpha", true],
      ["beta", false],
      ["gamma", false],
    ]);
  });
});
