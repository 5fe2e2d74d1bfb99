import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { depIdOf, parseOutHash, parseTaskHash } from "@depid/hash";
import { startServer } from "@depid/hashserv";
import { openClient } from "@depid/hashserv-client";
import { getDbUsage } from "@depid/hashserv-protocol";
import { accountFor, getPolicy, laxityOf, OUTHASH_METHOD, replayHistory, uniqueOutputsOf } from "@depid/replay";
import { createTableService, sketchHistory } from "@depid/replay/testing";
import type { History } from "@depid/task-graph";
import { readHistory } from "@depid/task-graph/fs";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chooseOutcomes } from "../outcomes.ts";
import { Shutdown } from "../shutdown.ts";

const REALBUILD = join(import.meta.dirname, "../../../../fixtures/realbuild/seqF");

interface Tables {
  readonly outhashes: readonly { readonly taskhash: string; readonly outhash: string }[];
  readonly equivalences: readonly { readonly taskhash: string; readonly unihash: string }[];
}

let folder: string;
let real: History;
let tables: Tables;
const shutdown = new Shutdown();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-outcomes-"));
  real = await readHistory(join(REALBUILD, "history.jsonl.gz"));
  tables = JSON.parse(gunzipSync(await readFile(join(REALBUILD, "hashserv.json.gz"))).toString());
});
afterAll(async () => {
  await shutdown.run();
  await rm(folder, { recursive: true, force: true });
});

const choose = (text: string, history: History = real) =>
  chooseOutcomes(text, { history, shutdown, outhashExtra: undefined });

/** What a chain makes of a history: who decided, and what is needed. */
async function follow(text: string, history: History = real) {
  const chain = (await choose(text, history)).create();
  const unique = uniqueOutputsOf(
    history.steps.flatMap((step) => step.change.upsert),
    "oe-core",
  );
  const { policies, decisions } = await replayHistory(history, {
    policies: [getPolicy("clairvoyant")],
    outcomes: chain,
    service: createTableService(),
    namespace: "test",
    builder: "fresh",
    workers: 1,
    seed: 0,
    unique: new Set(unique.map(({ task }) => task)),
  });
  const account = accountFor(chain, decisions, unique);
  return {
    account,
    changes: account.shares.map(({ changes }) => changes),
    outputs: account.shares.map(({ outputs }) => outputs),
    needed: policies[0]?.steps.map(({ executed }) => executed),
  };
}

async function put(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** What `depid import hashserv` writes. */
function tableOf(table: string, rows: readonly object[]): string {
  const header = { format: "depid-table/1", table, source: "hashserv.db", unknown: [], assumed: [] };
  return [header, ...rows, { end: { rows: rows.length, left_out: [] } }]
    .map((it) => `${JSON.stringify(it)}\n`)
    .join("");
}

const outhashTable = () => {
  const unknown = { created: null, owner: null, pn: null, pv: null, pr: null, task: null, siginfo: null };
  const rows = tables.outhashes.map(({ taskhash, outhash }) => ({
    method: OUTHASH_METHOD,
    taskhash,
    outhash,
    ...unknown,
  }));
  return tableOf("outhashes", rows);
};
const equivalenceTable = () =>
  tableOf(
    "equivalences",
    tables.equivalences.map(({ taskhash, unihash }) => ({
      method: OUTHASH_METHOD,
      taskhash,
      depid: unihash,
      mark: null,
    })),
  );

/** A server that was told what the fixture's was, with its database. */
async function startTold(name: string) {
  const database = join(folder, name);
  const server = await startServer({ bind: "127.0.0.1:0", database });
  const client = await openClient(server.address);
  await client.reportAll(
    tables.outhashes.map(({ taskhash, outhash }) => ({
      method: OUTHASH_METHOD,
      taskhash: parseTaskHash(taskhash),
      outhash: parseOutHash(outhash),
      depid: depIdOf(parseTaskHash(taskhash)),
    })),
  );
  return { server, client, database };
}

describe("recorded outputs decide every change of the real builds", () => {
  const DECIDED = [26, 0];
  let expected: Awaited<ReturnType<typeof follow>>;
  beforeAll(async () => {
    expected = await follow(`recorded:${join(REALBUILD, "hashserv.json.gz")}`);
  });

  it("read from the tables as JSON, gzip or plain", async () => {
    expect(expected.changes).toEqual(DECIDED);
    expect(expected.account.undecided).toEqual([]);
    const plain = await put("hashserv.json", JSON.stringify(tables));
    expect(await follow(`recorded:${plain}`)).toMatchObject({ changes: DECIDED, needed: expected.needed });
  });

  it("read from the two tables of depid import hashserv", async () => {
    const outhashes = await put("out.jsonl.gz", gzipSync(outhashTable()));
    const equivalences = await put("eq.jsonl", equivalenceTable());
    const { account, changes, needed } = await follow(`recorded:${equivalences}+${outhashes}`);
    expect([changes, needed, account.notes]).toEqual([DECIDED, expected.needed, []]);
  });

  it("read from the database of a server, and asked of the server while it runs, which is told nothing", async () => {
    const { server, client, database } = await startTold("hashserv.db");
    const before = await client.call(getDbUsage, {});
    const live = await follow(`recorded:${server.address}`);
    expect([live.changes, live.needed]).toEqual([DECIDED, expected.needed]);
    expect(live.account.notes).toEqual([
      {
        source: `recorded:${server.address}`,
        note: expect.stringMatching(/^the server was asked for the oldest report/),
      },
    ]);
    expect(await client.call(getDbUsage, {})).toEqual(before);
    await client.close();
    await server.close();
    const file = await follow(`recorded:${database}`);
    expect([file.changes, file.needed, file.account.notes]).toEqual([DECIDED, expected.needed, []]);
  });

  it.each([
    ["outhashes alone", outhashTable, /^without a table of equivalences/],
    ["equivalences alone", equivalenceTable, /^without a table of outhashes/],
  ])("but %s know less, and the report says so", async (name, content, note) => {
    const file = await put(`${name}.jsonl`, content());
    const { account } = await follow(`recorded:${file}`);
    expect(account.notes).toEqual([{ source: `recorded:${file}`, note: expect.stringMatching(note) }]);
  });
});

const COMMITS = ["a".repeat(40), "b".repeat(40), "c".repeat(40)] as const;

/** Three steps: a library is changed twice; an application above it never is. */
function sketchCommits(): History {
  const lib = (text: string) => sketchTask("lib:do_populate_sysroot", { setscene: true, basehash: basehashOf(text) });
  const app = sketchTask("app:do_populate_sysroot", { setscene: true, deps: ["lib:do_populate_sysroot"] });
  const { header, steps } = sketchHistory([lib("0"), app], { upsert: [lib("1")] }, { upsert: [lib("2")] });
  return { header, steps: steps.map((step, i) => ({ ...step, id: COMMITS[i] as string, commits: [] })) };
}

describe("buildhistory tells outputs of the commits that were built", () => {
  const T = (n: number) => String(n).repeat(64);
  let repository: string;
  beforeAll(async () => {
    repository = join(folder, "buildhistory");
    await mkdir(join(repository, "task/output"), { recursive: true });
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", "-C", repository, ...args], {
        env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" },
      });
    git("init", "-q");
    const build = async (commit: string, lib: string, app: string, output: string | undefined) => {
      const sigs = `app:do_populate_sysroot /l/app.bb ${app}\nlib:do_populate_sysroot /l/lib.bb ${lib}\n`;
      await writeFile(join(repository, "task/tasksigs.txt"), sigs);
      await writeFile(join(repository, "metadata-revs"), `meta              = master:${commit}\n`);
      if (output !== undefined) {
        await writeFile(join(repository, "task/output/lib.populate_sysroot"), `usr/bin/lib ${output}\n`);
      }
      if (output === "one") await writeFile(join(repository, "task/output/app.populate_sysroot"), "usr/bin/app x\n");
      git("add", "-A");
      git("commit", "-q", "-m", "Build of poky");
    };
    await build(COMMITS[0], T(1), T(5), "one");
    await build(COMMITS[1], T(2), T(5), undefined); // ran, and came out equal
    await build(COMMITS[2], T(3), T(6), "another"); // app ran, and came out equal
  });

  it("and says what is assumed", async () => {
    const history = sketchCommits();
    const { account, changes, needed } = await follow(`recorded:${repository},neutral`, history);
    expect([changes, needed]).toEqual([
      [2, 0],
      [2, 0, 1],
    ]);
    expect(account.notes.map(({ note }) => note)).toEqual([
      expect.stringMatching(/^a task whose taskhash no build before had is assumed to have run/),
      expect.stringMatching(/^outputs are compared by names and contents of files alone/),
    ]);
  });

  it("and that a step was not built", async () => {
    const { header, steps } = sketchCommits();
    const history = { header, steps: steps.map((it) => (it.step === 1 ? { ...it, id: "d".repeat(40) } : it)) };
    const { account, changes } = await follow(`recorded:${repository}`, history);
    expect(changes).toEqual([1, 1]);
    expect(account.notes.map(({ note }) => note)).toContain("no build of the steps 1");
  });

  it("is an error where no build is of the history's commits, which says what was found", async () => {
    await expect(choose(`recorded:${repository}`)).rejects.toThrow(
      `recorded:${repository}: metadata-revs: expected a build of a commit of the history, such as 24171282dfe0`,
    );
  });
});

const LABELS = (text: string) => `format: depid-labels/1\notherwise: contained\nlabels:\n${text}`;

describe("a chain of outcomes", () => {
  it("asks its members in order; without a bound, the last labels say what holds otherwise", async () => {
    const label = `  - {commit: "${COMMITS[1]}", outcome: neutral, reason: a}\n  - {commit: "${COMMITS[1]}", recipe: b*, outcome: neutral, reason: b}\n`;
    const file = await put("l.yaml", LABELS(label));
    const { account, changes } = await follow(`labels:${file}`, sketchCommits());
    expect(changes).toEqual([1, 1]);
    expect(account.shares.map(({ name }) => name)).toEqual([`labels:${file}`, `otherwise contained (${file})`]);
    expect(account.undecided).toEqual([
      { step: 2, pn: "lib", tasks: ["do_populate_sysroot"], changes: 1, by: `otherwise contained (${file})` },
    ]);
    expect(laxityOf(account)).toEqual({ labels: 1, changes: 1 });
    const bound = await follow(`${file},neutral`, sketchCommits());
    expect(bound.account.shares.map(({ name }) => name)).toEqual([`labels:${file}`, "neutral"]);
  });

  it("has nothing to be strict about when it is a bound alone", async () => {
    const { account } = await follow("pessimistic", sketchCommits());
    expect(laxityOf(account)).toEqual({ labels: 0, changes: 0 });
  });

  it.each([
    ["a bound that is not last", "pessimistic,neutral", "--outcomes: pessimistic: decides all, so expected it last"],
    ["a member that is empty", "neutral,,neutral", "--outcomes: neutral: decides all"],
    [
      "nothing",
      "",
      "--outcomes: a member is empty; expected recorded, labels, scenario, classes, executed or a file of labels, and last",
    ],
    [
      "an unknown member",
      "magic",
      "--outcomes: magic: no such file; expected recorded, labels, scenario, classes, executed or a file",
    ],
    ["an unknown kind", "magic:x", "--outcomes: magic:x: no such file; expected recorded"],
    ["odds of classes that are missing", "classes:none", "none: cannot be read as odds of classes: no such file or"],
    ["recorded nothing", "recorded:", "recorded:: expected recorded:SOURCE"],
    ["a recording that is missing", "recorded:none.json", "none.json: cannot be read: no such file or directory"],
    ["a server that is none", "recorded:unix:///none/none.sock", "unix:///none/none.sock"],
    ["labels that are missing", "labels:none.yaml", "none.yaml: cannot be read as labels: no such file or directory"],
  ])("%s is one clear error", async (_what, text, message) => {
    await expect(choose(text)).rejects.toThrow(message);
  });

  it.each([
    ["is no JSON", "hello", "r.json: expected JSON: "],
    ["has no tables", "{}", "r.json: expected the keys outhashes and equivalences, or one of them"],
    ["has a row without a key", '{"outhashes":[{"taskhash":"1"}]}', "r.json: outhashes[0].outhash: "],
    [
      "has an equivalence to nothing",
      '{"equivalences":[{"taskhash":"1"}]}',
      "r.json: equivalences[0]: expected unihash",
    ],
    ["has no rows", '{"outhashes":[]}', "r.json: expected rows of outputs, found none"],
    ["is another table", tableOf("durations", []), "r.json:1: table: expected equivalences or outhashes, found"],
  ])("a recording that %s is one clear error", async (_what, content, message) => {
    const file = await put("r.json", content);
    await expect(choose(`recorded:${file}`)).rejects.toThrow(message);
  });

  it.each([
    [
      "is in no step",
      `as: "${"d".repeat(40)}"`,
      "labels[0].as: expected a commit of the history, found none that begins",
    ],
    ["is not before", `as: "${COMMITS[2]}"`, `labels[0].as: expected a commit before ${COMMITS[1]} (step 1), found`],
  ])("labels whose `as` %s are an error before anything is replayed", async (_what, as, message) => {
    const file = await put("as.yaml", LABELS(`  - {commit: "${COMMITS[1]}", ${as}, reason: r}\n`));
    await expect(choose(file, sketchCommits())).rejects.toThrow(`${file}: ${message}`);
  });
});
