import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OwnPostgres, startOwnPostgres } from "@depid/hashserv/testing/postgres";
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

/** Workers that a test has begun. */
const begun: Worker[] = [];

/** A worker in a process of its own. */
class Worker {
  readonly process: ChildProcess;
  said = "";
  readonly #listeners = new Set<() => void>();

  constructor(...flags: readonly string[]) {
    const args = ["--conditions=@depid/source", "--import", "tsx", MAIN, "worker", "--queue", postgres.url, ...flags];
    this.process = spawn(process.execPath, args, { cwd: REPOSITORY, stdio: ["ignore", "ignore", "pipe"] });
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

describe("a sweep by a queue", () => {
  it("is the same bytes as one without, though one of its workers is killed at its work", async () => {
    const sweep = [...asked, "--samples", "3", "--neutral", "0.3,0.7"];
    const alone = await runDepid(...sweep, "--json");
    const flags = ["--jobs", "1", "--lost-after", "2"];
    const workers = [1, 2, 3].map(() => new Worker(...flags));
    await Promise.all(workers.map((it) => it.says(/ready/)));
    const [victim, ...others] = workers as [Worker, ...Worker[]];
    const killed = victim.says(/takes (sample .*)\n/).then(async (sample) => {
      await victim.end("SIGKILL");
      return sample;
    });
    const queued = await runDepid(...sweep, "--json", "--queue", postgres.url, "--lost-after", "2");
    expect([queued.status, queued.stdout]).toEqual([alone.status, alone.stdout]);
    expect(queued.stderr).toContain("6 of 6 replays");
    const sample = await killed;
    expect(victim.said).not.toContain(`has measured ${sample}`);
    expect(others.map((it) => it.said).join("")).toContain(`has measured ${sample}`);
    expect(await Promise.all(others.map((it) => it.end("SIGTERM")))).toEqual([143, 143]);
  });

  it("goes on where it was when it is begun again, and measures nothing twice", async () => {
    const sweep = [...asked, "--samples", "5", "--seed", "7"];
    const alone = await runDepid(...sweep);
    const queued = [...sweep, "--queue", postgres.url, "--batch", "2"];
    const worker = new Worker("--jobs", "1");
    const args = ["--conditions=@depid/source", "--import", "tsx", MAIN, ...queued];
    const interrupted = spawn(process.execPath, args, { cwd: REPOSITORY, stdio: "ignore" });
    const ended = once(interrupted, "exit");
    await worker.says(/has measured/);
    interrupted.kill("SIGKILL");
    await ended;
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
    const error = ({ stderr }: typeof alone) => stderr.split("\n").filter((it) => !/ of \d+ replays$/.test(it));
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
