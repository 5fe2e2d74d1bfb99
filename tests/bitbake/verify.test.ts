import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Server, startServer } from "@depid/hashserv";
import { readHistory } from "@depid/task-graph/fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyLayers, MINI_CHANGES, MiniBuilds, type MiniPlace, removeAll } from "./real-builds/mini-builds.ts";

const ROOT = join(import.meta.dirname, "../..");
const MAIN = join(ROOT, "apps/simulator/src/main.ts");
const LABELS = join(ROOT, "examples/meta-mini/labels.yaml");
const { BITBAKE_DIR, OE_CORE_DIR } = process.env;
/** Where to keep what was recorded, as examples/meta-mini/recorded is. */
const { DEPID_RECORD } = process.env;
const IS_POSSIBLE = BITBAKE_DIR !== undefined && OE_CORE_DIR !== undefined;
const MINUTES = 60_000;

if (!IS_POSSIBLE) {
  const missing = BITBAKE_DIR === undefined ? "BITBAKE_DIR" : "OE_CORE_DIR";
  process.stdout.write(`skipped: real builds of examples/meta-mini, as ${missing} names no checkout\n`);
}

/** Real builds of the same changes, one after another: all in one TMPDIR, and each in a new one. sstate and server stay. */
const SEQUENCES = [
  { name: "kept", builder: "persistent", tmpOf: () => "tmp" },
  { name: "fresh", builder: "fresh", tmpOf: (step: number) => `tmp-${step}` },
] as const;

interface Sequence {
  readonly builds: MiniBuilds;
  readonly server: Server;
  readonly database: string;
  /** Of each step. */
  readonly recordings: { log: string; console: string; buildstats: string }[];
}

let folder: string;
let history: string;
let captures: MiniBuilds;
const sequences = new Map<string, Sequence>();

beforeAll(async () => {
  if (!IS_POSSIBLE) return;
  folder = await mkdtemp(join(tmpdir(), "depid-verify-bitbake-"));
  const place: MiniPlace = { bitbake: BITBAKE_DIR, oeCore: OE_CORE_DIR, folder };
  const recipes = await copyLayers(folder);
  const HANDLER = 'BB_SIGNATURE_HANDLER = "OEEquivHash"';
  for (const { name } of SEQUENCES) {
    const database = join(folder, `${name}.hashserv.db`);
    const server = await startServer({ bind: `unix://${join(folder, name[0] as string)}`, database });
    const builds = new MiniBuilds(place, name, [HANDLER, `BB_HASHSERVE = "${server.address}"`]);
    sequences.set(name, { builds, server, database, recordings: [] });
  }
  captures = new MiniBuilds(place, "captures", [HANDLER, 'BB_HASHSERVE = "auto"']);
  const captured: string[] = [];
  for (const [step, { name, apply }] of MINI_CHANGES.entries()) {
    await apply(recipes);
    captured.push(await captures.capture(name));
    for (const { name: of, tmpOf } of SEQUENCES) {
      const { builds, recordings } = sequences.get(of) as Sequence;
      recordings.push(await builds.build(String(step), tmpOf(step)));
    }
  }
  for (const { server } of sequences.values()) await server.close();
  history = join(folder, "history.jsonl.gz");
  await depid(0, "import", "capture", ...captured, "-o", history);
  if (DEPID_RECORD !== undefined) await keepRecord(DEPID_RECORD);
}, 30 * MINUTES);

afterAll(async () => {
  if (!IS_POSSIBLE) return;
  for (const { builds, server } of sequences.values()) {
    await builds.end();
    await server.close();
  }
  await captures?.end();
  await removeAll(folder);
}, MINUTES);

/** Runs the command as a user would, where the builds are. @returns what it printed */
async function depid(expected: number, ...args: string[]): Promise<string> {
  const main = ["--conditions=@depid/source", "--import", import.meta.resolve("tsx"), MAIN];
  const child = spawn(process.execPath, [...main, ...args], { cwd: folder, env: { ...process.env, NO_COLOR: "1" } });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const [status] = await once(child, "close");
  expect(status, stdout + stderr).toBe(expected);
  return stdout;
}

/** What `depid import` makes of the builds, small enough for a repository. */
async function keepRecord(where: string): Promise<void> {
  const to = resolve(ROOT, where);
  await mkdir(to, { recursive: true });
  await cp(history, join(to, "history.jsonl.gz"));
  for (const [name, { recordings }] of sequences) {
    await mkdir(join(to, name), { recursive: true });
    for (const [step, { log }] of recordings.entries()) if (step > 0) await cp(log, join(to, name, `${step}.jsonl`));
    for (const table of ["outhashes", "equivalences"])
      await depid(
        0,
        "import",
        "hashserv",
        `${name}.hashserv.db`,
        "--table",
        table,
        "-o",
        join(to, name, `${table}.jsonl.gz`),
      );
    const runs: string[] = ["build,recipe,task,elapsed,cpu"];
    for (const [step, { buildstats }] of recordings.entries()) {
      const rows = join(folder, "durations.jsonl");
      await depid(0, "import", "buildstats", buildstats, "-o", rows);
      for (const line of (await readFile(rows, "utf8")).split("\n").filter((it) => it.includes('"seconds"'))) {
        const { recipe, task, seconds, cpu } = JSON.parse(line);
        runs.push([step, recipe, task, seconds, cpu].join(","));
      }
    }
    await writeFile(join(to, name, "durations.csv"), `${runs.join("\n")}\n`);
  }
}

describe.skipIf(!IS_POSSIBLE)("what real builds of examples/meta-mini ran", { timeout: 5 * MINUTES }, () => {
  const verify = async (status: number, { name, builder }: (typeof SEQUENCES)[number], outcomes: string) => {
    const { recordings } = sequences.get(name) as Sequence;
    const specs = recordings.flatMap(({ log, console, buildstats }, step) =>
      step === 0 ? [] : [log, console, buildstats].map((path) => `${step}=${path}`),
    );
    const durations = recordings.flatMap(({ buildstats }) => ["--durations", buildstats]);
    const options = ["--builder", builder, "--workers", "2", "--outcomes", outcomes, "--at-least", "1", "--json"];
    return JSON.parse(await depid(status, "verify", history, ...specs, ...durations, ...options));
  };

  it("begins with everything", () => {
    for (const { recordings } of sequences.values()) expect(recordings).toHaveLength(MINI_CHANGES.length);
  });

  describe.each(SEQUENCES)("in $name directories", (sequence) => {
    it.each<[string, () => string]>([
      ["outputs that the server was told of", () => `recorded:${sequences.get(sequence.name)?.database}`],
      ["labels written by hand", () => `labels:${LABELS}`],
      ["what the texts of the changes let guess", () => "classes"],
    ])("is what was predicted, by %s, whatever recorded it", async (_what, outcomesOf) => {
      const report = await verify(0, sequence, outcomesOf());
      expect(report.steps.map(({ step }: { step: number }) => step)).toEqual([1, 2, 3, 4]);
      for (const { title, builds } of report.steps) {
        expect(builds, title).toHaveLength(3);
        for (const { source, agreement, discrepancies } of builds) {
          expect(discrepancies, source).toEqual([]);
          expect(agreement.executed.both + agreement.restored.both, source).toBeGreaterThan(0);
        }
      }
    });

    it("is not what is predicted where the changed output counts as the same", async () => {
      const { steps, least } = await verify(1, sequence, "neutral");
      expect(least).toBeLessThan(1);
      expect(steps[1].builds[0].agreement.executed.onlyReal).toBeGreaterThan(0);
    });
  });

  it("changed the tasks that the changes say", async () => {
    const { steps } = await readHistory(history);
    expect(steps.map(({ change }) => [change.upsert.length, change.remove.length])).toEqual([
      [43, 0],
      [1, 0],
      [1, 0],
      [11, 10],
      [1, 0], // the upgrade renames the tool's ten tasks, and changes who hashes them
    ]);
  });
});
