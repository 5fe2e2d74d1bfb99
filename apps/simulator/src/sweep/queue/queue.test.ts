import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OwnPostgres, startOwnPostgres } from "@depid/hashserv/testing/postgres";
import { argsForProgram } from "@depid/hashserv/thread";
import { sketchHistory } from "@depid/replay/testing";
import { writeHistory } from "@depid/task-graph/fs";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { REPOSITORY, runDepid } from "../../testing/run-depid.ts";

const MAIN = join(import.meta.dirname, "../../main.ts");

let postgres: OwnPostgres;
beforeAll(async () => {
  postgres = await startOwnPostgres();
});
afterAll(() => postgres.stop());

let folder: string;
let asked: readonly string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-queue-"));
  const history = join(folder, "small.history.jsonl");
  const task = (name: string, text: string, ...deps: string[]) =>
    sketchTask(name, { setscene: true, deps, basehash: basehashOf(text) });
  await writeHistory(
    history,
    sketchHistory(
      [task("a:do_x", "0"), task("b:do_x", "0", "a:do_x")],
      { upsert: [task("a:do_x", "1")] },
      { upsert: [task("b:do_x", "2", "a:do_x")] },
    ),
  );
  const durations = join(folder, "seconds.csv");
  await writeFile(durations, "recipe,task,elapsed\na,do_x,60\nb,do_x,120\n");
  asked = ["sweep", history, "--policy", "basichash,equivhash", "--durations", durations];
});
afterEach(async () => {
  for (const it of begun.splice(0))
    if (it.process.exitCode === null && it.process.signalCode === null) await it.end("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** Commands that a test has begun. */
const begun: Command[] = [];

/** `depid` in a process of its own. */
class Command {
  readonly process: ChildProcess;
  said = "";
  readonly #listeners = new Set<() => void>();

  constructor(...args: readonly string[]) {
    const node = [...argsForProgram(MAIN), ...args];
    this.process = spawn(process.execPath, node, { cwd: REPOSITORY, stdio: ["ignore", "ignore", "pipe"] });
    this.process.stderr?.on("data", (chunk) => {
      this.said += chunk;
      for (const it of this.#listeners) it();
    });
    begun.push(this);
  }

  /** Resolves with what matches, when the worker has said it. */
  says(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      const look = () => {
        const found = pattern.exec(this.said);
        if (found === null) return;
        this.#listeners.delete(look);
        resolve(found[1] ?? found[0]);
      };
      this.#listeners.add(look);
      look();
    });
  }

  async end(signal: NodeJS.Signals): Promise<unknown> {
    const exited = once(this.process, "exit");
    this.process.kill(signal);
    return (await exited)[0];
  }
}

class Worker extends Command {
  constructor(...flags: readonly string[]) {
    super("worker", "--queue", postgres.url, ...flags);
  }
}

/**
 * A policy whose first replay of all, in whatever process, never ends: it makes a folder, in which it writes its process. While the folder is there, nobody is
 * held.
 */
async function policyHeldAt(held: string): Promise<string> {
  const plugin = join(folder, "held.mjs");
  await writeFile(
    plugin,
    `import { mkdirSync, renameSync, writeFileSync } from "node:fs";
    const held = ${JSON.stringify(held)};
    const hold = () => {
      try { mkdirSync(held); } catch { return; }
      writeFileSync(held + "/unfinished", String(process.pid));
      renameSync(held + "/unfinished", held + "/pid");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    };
    export default () => ({
      name: "held",
      stampHash: "taskhash",
      taskhash: (i) => i.basehash,
      depids: (ts) => { hold(); return ts.map((t) => t.taskhash); },
    });`,
  );
  return plugin;
}

describe("a sweep by a queue", () => {
  it("is the same bytes as one without, though one of its workers is killed at its work", async () => {
    const held = join(folder, "held");
    await mkdir(held);
    const sweep = [
      ...asked,
      "--policy",
      `basichash,${await policyHeldAt(held)}`,
      "--samples",
      "3",
      "--neutral",
      "0.3,0.7",
    ];
    const alone = await runDepid(...sweep, "--json");
    await rmdir(held);
    const flags = ["--jobs", "1", "--lost-after", "2"];
    const workers = [1, 2, 3].map(() => new Worker(...flags));
    const queuing = runDepid(...sweep, "--json", "--queue", postgres.url, "--lost-after", "2");
    const pidOfHeld = () => readFile(join(held, "pid"), "utf8").catch(() => undefined);
    await expect.poll(pidOfHeld).toBeDefined();
    const pid = Number(await pidOfHeld());
    const victim = workers.find((it) => it.process.pid === pid) as Worker;
    const sample = await victim.says(/takes (sample .*)\n$/);
    await victim.end("SIGKILL");
    const queued = await queuing;
    expect([queued.status, queued.stdout]).toEqual([alone.status, alone.stdout]);
    expect(queued.stderr).toContain("6 of 6 replays");
    const others = workers.filter((it) => it !== victim);
    expect(victim.said).not.toContain(`has measured ${sample}`);
    expect(others.map((it) => it.said).join("")).toContain(`has measured ${sample}`);
    expect(await Promise.all(others.map((it) => it.end("SIGTERM")))).toEqual([143, 143]);
  });

  it("goes on where it was when it is begun again, and measures nothing twice", async () => {
    const sweep = [...asked, "--samples", "5", "--seed", "7"];
    const alone = await runDepid(...sweep);
    const queued = [...sweep, "--queue", postgres.url, "--batch", "2"];
    // Nobody measures anything before it is interrupted.
    const interrupted = new Command(...queued);
    await interrupted.says(/5 replays are in the queue/);
    await interrupted.end("SIGKILL");
    const worker = new Worker("--jobs", "1");
    await worker.says(/has measured/);
    const { status, stdout } = await runDepid(...queued);
    expect([status, stdout]).toEqual([alone.status, alone.stdout]);
    const measured = worker.said.match(/(?<=has measured )sample \d+/g);
    expect(measured?.sort()).toEqual([0, 1, 2, 3, 4].map((it) => `sample ${it}`));
    expect(await worker.end("SIGTERM")).toBe(143);
  });

  it("finds inputs in a folder that all share, and tells what fails in a worker as though it were here", async () => {
    const store = ["--store", join(folder, "store"), "--queue", postgres.url];
    const plugin = join(folder, "late.mjs");
    await writeFile(
      plugin,
      `let asked = 0; export default () => ({ name: "late", stampHash: "taskhash", taskhash: (i) => { if (++asked > 2) throw new Error("boom"); return i.basehash; }, depids: (ts) => ts.map((t) => t.taskhash) });`,
    );
    const failing = [...asked, "--policy", plugin, "--samples", "1"];
    const alone = await runDepid(...failing);
    const worker = new Worker("--store", join(folder, "store"));
    const queued = await runDepid(...failing, ...store);
    const error = ({ stderr }: typeof alone) =>
      stderr.split("\n").filter((it) => !/ of \d+ replays$| in the queue/.test(it));
    expect([alone.status, queued.status, queued.stdout]).toEqual([2, 2, ""]);
    expect(error(queued)).toEqual(error(alone));
    expect(await worker.end("SIGTERM")).toBe(143);
  });

  it.each<[string, readonly string[], RegExp]>([
    ["a queue that is not there", ["--queue", "postgres://127.0.0.1:1/x"], /--queue: cannot be used: .*ECONNREFUSED/],
    ["a part of it", ["--queue", "postgres://x", "--shard", "1/2"], /--shard: does not go with --queue/],
    ["a store without a queue", ["--store", "x"], /--store: is for workers/],
    ["jobs of the queue without a queue", ["--batch", "2"], /--batch: is for workers/],
  ])("does not take %s", async (_what, flags, message) => {
    const { status, stdout, stderr } = await runDepid(...asked, ...flags);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  it("does not take a folder, which workers elsewhere cannot fetch by its digest", async () => {
    const { status, stderr } = await runDepid(
      ...asked,
      "--durations",
      join(REPOSITORY, "fixtures/buildstats"),
      "--queue",
      postgres.url,
    );
    expect([status, stderr]).toEqual([2, expect.stringMatching(/--durations: .*buildstats: expected a file/)]);
  });
});
