import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BaseHash, sha256Hex, type Tid } from "@depid/hash";
import { startServer } from "@depid/hashserv";
import { createMemoryStorage } from "@depid/hashserv/storage/memory";
import { openClient } from "@depid/hashserv-client";
import type { EquivalenceService } from "@depid/replay";
import {
  type BuildPlan,
  compileBuild,
  createBuilder,
  type EarlierDepIds,
  type OutputReport,
  prepareBuild,
  type SimulatedBuild,
  simulateBuild,
} from "@depid/runqueue";
import { createEquivHash, createTaskCache, inputOf, Signatures, taskHashOf } from "@depid/siggen";
import { createMemoryStore, type SstateStore } from "@depid/sstate";
import { type Task, TaskGraph } from "@depid/task-graph";

/** Look-ups for each task, and seconds, that the worst known case may take. */
const MOST_LOOK_UPS = 1.5;
const MOST_SECONDS = 3;
const ROUNDS = 3;

/**
 * The worst known rehash: everything was built; then every `do_compile` changes, and no output does. In a fresh build directory, with all objects and a
 * server that is real, each task that reports is answered with another depid, and each answer moves the hashes of all above. Processor time is that of
 * client and server together, from hashing to the end of the build, against SHA-256 of all tasks once.
 *
 * @param stepByStep builds also without the depids of earlier builds, so that every hash is looked up
 */
export async function benchRehash(name: string, tasks: readonly Task[], stepByStep: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "depid-bench-"));
  const server = await startServer({ bind: `unix://${join(folder, "sock")}`, storage: createMemoryStorage() });
  const client = await openClient(server.address);
  try {
    process.stdout.write(`\n${name}: ${tasks.length} tasks, all do_compile changed, no output did\n`);
    for (const earlier of stepByStep ? [false, true] : [true]) {
      let best: Measured | undefined;
      for (let round = 0; round < ROUNDS; round++) {
        const measured = await measureRound(tasks, client, `${name}:${earlier}:${round}`, earlier);
        if (best === undefined || measured.seconds < best.seconds) best = measured;
      }
      print(earlier ? "what is new to everybody not looked up" : "step by step", tasks.length, best as Measured);
    }
  } finally {
    await client.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly seconds: number;
  readonly floor: number;
  readonly lookUps: number;
  readonly executed: number;
  readonly restored: number;
}

async function measureRound(
  tasks: readonly Task[],
  service: EquivalenceService,
  method: string,
  earlier: boolean,
): Promise<Measured> {
  const graph = new TaskGraph(tasks);
  const store = createMemoryStore();
  const depIds = earlier ? { earlierDepIds: new Set() as EarlierDepIds } : {};
  let lookUps = 0;
  const counting: EquivalenceService = {
    getDepIds(queries) {
      lookUps += queries.length;
      return service.getDepIds(queries);
    },
    reportAll: (reports) => service.reportAll(reports),
    reportEquiv: (declared) => service.reportEquiv(declared),
    removeAll: (removed) => service.removeAll(removed),
  };
  const below = new Set(tasks.flatMap((task) => task.execdeps));
  const plan = compileBuild(graph, { targets: graph.tids.filter((tid) => !below.has(tid)) });
  await build(graph, plan, counting, method, store, depIds);
  const changed = tasks.filter((task) => task.task === "do_compile");
  graph.apply({
    upsert: changed.map((task) => ({ ...task, basehash: sha256Hex(task.basehash) as BaseHash })),
    remove: [],
  });
  const changedPlan = compileBuild(graph, { targets: graph.tids.filter((tid) => !below.has(tid)) });
  lookUps = 0;
  const start = process.cpuUsage();
  const { signatures, built } = await build(graph, changedPlan, counting, method, store, depIds);
  const seconds = secondsSince(start);
  const { executed, restored } = built.summary;
  return { seconds, lookUps, executed: executed.length, restored: restored.length, floor: hashAll(graph, signatures) };
}

async function build(
  graph: TaskGraph,
  plan: BuildPlan,
  service: EquivalenceService,
  method: string,
  store: SstateStore,
  depIds: { readonly earlierDepIds?: EarlierDepIds },
): Promise<{ readonly signatures: Signatures; readonly built: SimulatedBuild }> {
  const cache = createTaskCache();
  const signatures = new Signatures(graph, createEquivHash({ source: service, method, cache }));
  const equivalences = {
    declare: (rows: readonly OutputReport[]) =>
      Promise.all(rows.map(({ taskhash, depid }) => service.reportEquiv({ method, taskhash, depid }))),
  };
  const prepared = await prepareBuild(plan, { signatures, taints: new Map() }, { cache, equivalences });
  const built = await simulateBuild(plan, createBuilder(), {
    ...prepared,
    ...depIds,
    workers: 4,
    store,
    objectName: (task, depid) => `${task.pn}:${task.task}:${depid}`,
    reporter: {
      report: (reports) =>
        service.reportAll(
          reports.map(({ task, taskhash, depid }) => ({ method, taskhash, depid, outhash: outHashOf(task.tid) })),
        ),
    },
  });
  return { signatures, built };
}

const outHashOf = (tid: Tid) => sha256Hex(tid) as never;

/** Seconds that SHA-256 of all tasks takes, with their inputs at hand. */
function hashAll(graph: TaskGraph, signatures: Signatures): number {
  const inputs = graph.tids.map((tid) => inputOf(signatures.get(tid)));
  const start = process.cpuUsage();
  for (const input of inputs) taskHashOf(input);
  return secondsSince(start);
}

function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function print(how: string, tasks: number, { seconds, floor, lookUps, executed, restored }: Measured): void {
  const each = lookUps / tasks;
  const verdict = each <= MOST_LOOK_UPS && seconds <= MOST_SECONDS ? "within" : "beyond";
  const ratio = (seconds / floor).toFixed(1);
  process.stdout.write(
    `${how.padEnd(40)}${each.toFixed(2).padStart(7)} look-ups per task${seconds.toFixed(2).padStart(8)} s ` +
      `${ratio.padStart(7)} x SHA-256 of all; ${executed} executed, ${restored} restored ` +
      `(${verdict} ${MOST_LOOK_UPS} and ${MOST_SECONDS} s)\n`,
  );
}
