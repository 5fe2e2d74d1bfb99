import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "@depid/hashserv";
import { createMemoryStorage } from "@depid/hashserv/storage/memory";
import { argsForProgram } from "@depid/hashserv/thread";
import { openClient } from "@depid/hashserv-client";
import { sketchHistory } from "@depid/replay/testing";
import { describeDepIdSource } from "@depid/siggen/testing";
import { writeHistory } from "@depid/task-graph/fs";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REPOSITORY, runDepidIn } from "./testing/run-depid.ts";

const MAIN = join(import.meta.dirname, "main.ts");
const RECORDED = join(REPOSITORY, "examples/oe-core/core-image-minimal.history.jsonl.gz");

let folder: string;
let temporary: string;
let history: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-cli-"));
  temporary = join(folder, "tmp");
  await mkdir(temporary);
  history = join(folder, "small.history.jsonl");
  const tasks = [sketchTask("a:do_x", { setscene: true }), sketchTask("b:do_x", { deps: ["a:do_x"], setscene: true })];
  await writeHistory(
    history,
    sketchHistory(tasks, { upsert: [sketchTask("a:do_x", { setscene: true, basehash: basehashOf("1") })] }),
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Starts the program in a process of its own, where signals and pipes matter; its temporary files go to a folder that the test looks into. */
function start(...args: string[]): ChildProcess {
  const options = [...argsForProgram(MAIN), ...args];
  return spawn(process.execPath, options, {
    cwd: REPOSITORY,
    env: { ...process.env, TMPDIR: temporary, NO_COLOR: "1" },
  });
}

async function depid(...args: string[]) {
  const run = await runDepidIn({ env: { TMPDIR: temporary } }, ...args);
  const errors = run.stderr.split("\n").filter((line) => line !== "" && !/^reading |step \d+ of \d+/.test(line));
  return { ...run, errors };
}

describe("depid replay", () => {
  it("prints the verdict, sums and definitions on stdout, progress on stderr, and leaves nothing behind", async () => {
    const { status, stdout, stderr } = await depid("replay", history);
    expect(status).toBe(0);
    expect(stdout).toContain("- executed: real tasks that ran");
    expect(stdout).toContain("## In sum, steps 1 to 1");
    expect(stdout.match(/^\| basichash +\| +2 \|/m)).not.toBeNull();
    expect(stderr.startsWith(`reading ${JSON.stringify(history)}\n`)).toBe(true);
    expect(stderr).toContain("replay: step 2 of 2");
    expect((await readdir(temporary)).filter((name) => name.startsWith("depid"))).toEqual([]);
  });

  it("with --strict exits 1, with its report, when a label matched nothing or no label a change; else with 0", async () => {
    const labels = join(folder, "l.yaml");
    const write = (commit: string) =>
      writeFile(
        labels,
        `format: depid-labels/1\notherwise: neutral\nlabels:\n  - {commit: "${commit}", outcome: neutral, reason: r}\n`,
      );
    const id = "c1c1c1c1";
    const named = join(folder, "named.history.jsonl");
    await writeFile(named, (await readFile(history, "utf8")).replaceAll('"id":"c1"', `"id":"${id}"`));
    const args = ["replay", named, "--policy", "basichash", "--outcomes", `labels:${labels}`];
    await write("1234567");
    const lax = await depid(...args);
    const strict = await depid(...args, "--strict");
    expect([lax.status, strict.status, strict.stdout]).toEqual([0, 1, lax.stdout]);
    expect(strict.stdout).toContain("1 labels matched nothing:");
    expect(strict.stdout).toContain("- step 1: a (1)");
    await write(id);
    expect((await depid(...args, "--strict")).status).toBe(0);
  });

  it("gives the same bytes twice with --json", async () => {
    const args = ["replay", history, "--policy", "basic,basichash,equivhash-2018,clairvoyant", "--json"];
    const [first, second] = [await depid(...args), await depid(...args)];
    expect(first.stdout).toBe(second.stdout);
    expect(JSON.parse(first.stdout)).toMatchObject({
      format: "depid-replay/1",
      policies: [{ name: "basic" }, { name: "basichash" }, { name: "equivhash-2018" }, { name: "clairvoyant" }],
    });
  });

  it("replays under other outcome models with --sensitivity", async () => {
    const { stdout } = await depid("replay", history, "--policy", "basichash", "--sensitivity", "--json");
    const { sensitivity } = JSON.parse(stdout);
    expect(sensitivity.map((it: { model: string }) => it.model)).toEqual(["neutral", "pessimistic"]);
    expect(
      sensitivity.map((it: { policies: { sum: { needless: number } }[] }) => it.policies[0]?.sum.needless),
    ).toEqual([2, 0]);
  });

  it("uses the server at the address given", async () => {
    const server = await startServer({ bind: "127.0.0.1:0", storage: createMemoryStorage() });
    const client = await openClient(server.address);
    const { status } = await depid("replay", history, "--policy", "equivhash-2018", "--server", server.address);
    expect(status).toBe(0);
    expect((await client.stats()).count).toBeGreaterThan(0);
    await client.close();
    await server.close();
  });

  it("takes a plug-in for a policy", async () => {
    const plugin = join(folder, "plugin.mjs");
    await writeFile(
      plugin,
      `export default () => ({ name: "mine", stampHash: "taskhash", taskhash: (i) => i.basehash, depids: (ts) => ts.map((t) => t.taskhash) });`,
    );
    const { stdout } = await depid("replay", history, "--policy", `${plugin},basichash`, "--json");
    const [mine, basichash] = JSON.parse(stdout).policies;
    expect([mine.sum.executed, basichash.sum.executed]).toEqual([1, 2]);
    expect(mine.sum.stale).toBe(1);
  });
});

describe("bad input gives one clear line, exit status 2 and nothing on stdout:", () => {
  const cycle = () =>
    writeFile(
      history,
      `{"format":"depid-history/1"}\n${JSON.stringify({
        step: 0,
        id: "c0",
        date: "2026-01-01T00:00:00Z",
        commits: [],
        upsert: ["a", "b"].map((pn) => {
          const deps = [`${pn === "a" ? "b" : "a"}.bb:do_x`];
          const flags = { setscene: false, nostamp: false, stamp: pn, hashfn: "" };
          return {
            tid: `${pn}.bb:do_x`,
            pn,
            task: "do_x",
            version: "1",
            basehash: "a".repeat(64),
            hashdeps: deps,
            execdeps: deps,
            files: [],
            ...flags,
          };
        }),
        remove: [],
        expect: { tasks: 2, taskhashes: "b".repeat(64) },
      })}\n`,
    );
  const broken = async (source: string) => {
    const file = join(folder, "broken.mjs");
    await writeFile(file, source);
    return file;
  };
  const unused = async () => {
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    const address = listener.address();
    listener.close();
    return `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  };

  it.each<[string, () => Promise<string[]>, RegExp]>([
    ["a history that is missing", async () => ["replay", join(folder, "none")], /none: cannot be read: no such file/],
    [
      "a truncated history",
      async () => {
        const file = join(folder, "cut.jsonl.gz");
        await writeFile(file, await readFile(RECORDED));
        await truncate(file, 300_000);
        return ["replay", file];
      },
      /cut\.jsonl\.gz.*the gzip data end too early/,
    ],
    [
      "a corrupted line",
      async () => {
        await writeFile(history, (await readFile(history, "utf8")).replace('"basehash":"', '"basehash":"z'));
        return ["replay", history];
      },
      /small\.history\.jsonl:2: upsert\[0\]\.basehash: basehash: expected 64 lowercase/,
    ],
    [
      "a cycle",
      async () => [await cycle(), "replay", history].slice(1) as string[],
      /tasks depend on each other: a\.bb:do_x -> b\.bb:do_x -> a\.bb:do_x/,
    ],
    ["an unknown policy", async () => ["replay", history, "--policy", "magic"], /no policy "magic": expected one of/],
    [
      "a policy listed twice",
      async () => ["replay", history, "--policy", "basic,basic"],
      /policy "basic" is listed twice/,
    ],
    [
      "an address nobody listens on",
      async () => ["replay", history, "--server", await unused()],
      /127\.0\.0\.1:\d+.*refused/,
    ],
    ["an address that is none", async () => ["replay", history, "--server", "nonsense"], /nonsense/],
    [
      "a plug-in that throws",
      async () => ["replay", history, "--policy", await broken("export default () => { throw new Error('boom') }")],
      /plug-in .*broken\.mjs: threw boom/,
    ],
    [
      "a plug-in that is missing",
      async () => ["replay", history, "--policy", "./none.mjs"],
      /plug-in \.\/none\.mjs: cannot be loaded/,
    ],
    [
      "labels that are missing",
      async () => ["replay", history, "--outcomes", "none.yaml"],
      /--outcomes: none\.yaml: no such file; expected recorded, labels.* or a file of labels, and last pessimistic or neutral$/,
    ],
    ["no workers", async () => ["replay", history, "--workers", "0"], /expected a whole number from 1/],
    [
      "an unknown builder",
      async () => ["replay", history, "--builder", "big"],
      /Allowed choices are fresh, persistent/,
    ],
    ["an unknown flag", async () => ["replay", history, "--polcy", "basic"], /unknown option '--polcy'/],
    ["an unknown command", async () => ["reply"], /unknown command 'reply'/],
    ["no history", async () => ["replay"], /missing required argument 'history'/],
  ])("%s", async (_what, args, message) => {
    const { status, stdout, errors } = await depid(...(await args()));
    expect(errors.filter((line) => !line.startsWith("(Did you mean"))).toEqual([expect.stringMatching(message)]);
    expect([status, stdout]).toEqual([2, ""]);
    expect((await readdir(temporary)).filter((name) => name.startsWith("depid"))).toEqual([]);
  });
});

describe("an interrupted run", () => {
  // By SIGINT: the test of `depid import git`.
  it("by SIGTERM, in two jobs, leaves no server, socket or file behind and exits with 143", async () => {
    const child = start("replay", RECORDED, "--jobs", "2");
    let printed = "";
    child.stdout?.on("data", (chunk) => (printed += chunk));
    let during: string[] = [];
    for await (const chunk of child.stderr ?? []) {
      if (!/step 1 of/.test(String(chunk)) || child.killed) continue;
      during = (await readdir(temporary)).filter((name) => name.startsWith("depid"));
      child.kill("SIGTERM");
    }
    const status = child.exitCode ?? (await once(child, "exit"))[0];
    expect(during).toHaveLength(1);
    expect([status, printed]).toEqual([143, ""]);
    expect((await readdir(temporary)).filter((name) => name.startsWith("depid"))).toEqual([]);
  });
});

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

describeDepIdSource("our client and server", async (known) => {
  const server = await startServer({ bind: "127.0.0.1:0", storage: createMemoryStorage() });
  const client = await openClient(server.address);
  open.push(async () => {
    await client.close();
    await server.close();
  });
  for (const [taskhash, depid] of known) await client.reportEquiv({ method: "contract", taskhash, depid });
  return client;
});
