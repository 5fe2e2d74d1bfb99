import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { parseDepId, parseOutHash, parseTaskHash, sha256Hex } from "@depid/hash";
import { openSqliteStorage } from "@depid/hashserv/storage/sqlite";
import { type HashClient, openClient } from "@depid/hashserv-client";
import { DatabaseSync } from "@photostructure/sqlite";

/**
 * Endurance, after `npm run build`:
 *
 * - `soak.ts --seconds 300 --idle 1000 --busy 200 --tasks 1000`: that many connections that say nothing and that many that look
 *   up and report, each so many tasks again and again: what the server keeps of them grows until all are reported, and then no
 *   more. Prints the server's memory every tenth of the time, and how many requests failed.
 * - `soak.ts --kills 20 [--write-behind]`: kills the server under load that often, starts it again, and looks for every report that was answered.
 *
 * Exit status 1 when something failed or was lost.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "300" },
    idle: { type: "string", default: "1000" },
    busy: { type: "string", default: "200" },
    tasks: { type: "string", default: "1000" },
    kills: { type: "string" },
    durability: { type: "string", default: "normal" },
    "write-behind": { type: "boolean", default: false },
  },
});

const PROGRAM = join(import.meta.dirname, "../../apps/hashserv/bin/depid-hashserv.js");
const METHOD = "soak";
const folder = await mkdtemp(join(tmpdir(), "depid-soak-"));
const address = `unix://${join(folder, "hashserve.sock")}`;
const database = join(folder, "hashserv.db");

try {
  process.exitCode = values.kills === undefined ? await soak() : await killAgainAndAgain(Number(values.kills));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function soak(): Promise<number> {
  const server = await startProgram();
  const idle = await Promise.all(Array.from({ length: Number(values.idle) }, () => openClient(address)));
  const busy = await Promise.all(Array.from({ length: Number(values.busy) }, () => openClient(address)));
  const seconds = Number(values.seconds);
  const end = performance.now() + seconds * 1000;
  const count = { requests: 0, errors: 0 };
  const work = busy.map((client, i) => keepBusy(client, `busy ${i}`, end, count));
  for (let tenth = 1; tenth <= 10; tenth++) {
    await setTimeout((seconds * 1000) / 10);
    print(
      `${Math.round((seconds * tenth) / 10)} s: ${memoryOf(server)} MB, ${count.requests} requests, ${count.errors} errors`,
    );
  }
  await Promise.all(work);
  for (const client of idle) await client.ping().catch(() => count.errors++);
  await Promise.all([...idle, ...busy].map((client) => client.close()));
  server.kill("SIGTERM");
  const [status] = await once(server, "exit");
  print(`${idle.length} idle connections still answered; server ended with ${status}; ${count.errors} errors`);
  return count.errors === 0 && status === 0 ? 0 : 1;
}

async function keepBusy(client: HashClient, name: string, end: number, count: { requests: number; errors: number }) {
  const tasks = Number(values.tasks);
  for (let i = 0; performance.now() < end; i++) {
    try {
      await client.getDepIds(
        Array.from({ length: 20 }, (_, k) => ({ method: METHOD, taskhash: taskhash(`${name} ${(i + k) % tasks}`) })),
      );
      await client.report(report(`${name} ${i % tasks}`, `output ${i % 1000}`));
      count.requests += 21;
    } catch {
      count.errors += 1;
    }
    await setTimeout(20);
  }
}

async function killAgainAndAgain(times: number): Promise<number> {
  const answered = new Map<string, string>();
  let lost = 0;
  for (let round = 0; round < times; round++) {
    const server = await startProgram();
    const clients = await Promise.all(Array.from({ length: 16 }, () => openClient(address, { timeoutMs: 2000 })));
    const work = clients.map(async (client, c) => {
      for (let i = 0; ; i++) {
        const name = `round ${round} client ${c} report ${i}`;
        const depid = await client.report(report(name, `output ${i % 50}`)).catch(() => undefined);
        if (depid === undefined) return;
        answered.set(taskhash(name), depid);
      }
    });
    await setTimeout(300 + Math.random() * 700);
    server.kill("SIGKILL");
    await Promise.all(work);
    await Promise.all(clients.map((client) => client.close().catch(() => {})));
    lost += await compareWithDatabase(answered);
    print(`kill ${round + 1}: ${answered.size} reports answered so far, ${lost} lost`);
  }
  return lost === 0 ? 0 : 1;
}

/** How many answered reports the file does not have as they were answered; it must open clean. */
async function compareWithDatabase(answered: ReadonlyMap<string, string>): Promise<number> {
  // Where reports are written behind some are in a journal, which whoever opens the file as a server puts into it.
  if (values["write-behind"]) await (await openSqliteStorage(database)).close();
  const db = new DatabaseSync(database);
  const check = db.prepare("PRAGMA integrity_check").get() as { readonly integrity_check: string };
  if (check.integrity_check !== "ok") throw new Error(`the database is broken: ${check.integrity_check}`);
  const rows = db.prepare("SELECT taskhash, unihash FROM unihashes_v3").all() as {
    taskhash: string;
    unihash: string;
  }[];
  db.close();
  const stored = new Map(rows.map((row) => [row.taskhash, row.unihash]));
  return [...answered].filter(([task, depid]) => stored.get(task) !== depid).length;
}

async function startProgram(): Promise<ChildProcess> {
  const flags = ["--bind", address, "--database", database, "--durability", values.durability, "--log", "ERROR"];
  if (values["write-behind"]) flags.push("--write-behind");
  const server = spawn(process.execPath, [PROGRAM, ...flags], { stdio: ["ignore", "inherit", "inherit"] });
  for (let attempt = 0; attempt < 100; attempt++) {
    const client = await openClient(address).catch(() => undefined);
    if (client !== undefined) {
      await client.close();
      return server;
    }
    await setTimeout(100);
  }
  throw new Error("the server does not answer");
}

function report(task: string, output: string) {
  const hash = taskhash(task);
  return { method: METHOD, taskhash: hash, outhash: parseOutHash(sha256Hex(output)), depid: parseDepId(hash) };
}

function taskhash(text: string) {
  return parseTaskHash(sha256Hex(text));
}

/** Resident memory in MB, from the kernel's account of the process. */
function memoryOf({ pid }: ChildProcess): number {
  const pages = readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+) kB/);
  return Math.round(Number(pages?.[1] ?? 0) / 1024);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
