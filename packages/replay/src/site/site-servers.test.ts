import { type DepId, parseDepId, parseOutHash, parseTaskHash, sha256Hex } from "@depid/hash";
import { startServer } from "@depid/hashserv";
import { createMemoryStorage } from "@depid/hashserv/storage/memory";
import { type HashClient, openClient, ServerError } from "@depid/hashserv-client";
import { backfillWait } from "@depid/hashserv-protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { getPolicy } from "../policies/registry.ts";
import { ObjectNumbers } from "../run/object-numbers.ts";
import type { BuildServer } from "../run/told-server.ts";
import { createTableService } from "../testing/index.ts";
import { parseTopology } from "../topology/parse-topology.ts";
import type { TopologyBuilder } from "../topology/topology.ts";
import { SiteServers } from "./site-servers.ts";

const TASKS = ["a", "b", "c", "d", "e"] as const;
const taskhashOf = (task: string) => parseTaskHash(sha256Hex(task));
const depIdOf = (task: string) => parseDepId(sha256Hex(task));
const outhashOf = (output: string) => parseOutHash(sha256Hex(`out ${output}`));
const NO_CACHES = { numbersIn: () => [] };

/** The servers of a topology, by builder. */
function open(yaml: string, service = createTableService()) {
  const topology = parseTopology(`format: depid-topology/1\n${yaml}`, "t");
  const options = { service, namespace: "n", objects: new ObjectNumbers() };
  const site = new SiteServers(getPolicy("equivhash"), options, topology, NO_CACHES);
  const servers = new Map(topology.builders.map((it) => [it.name, site.of(it as TopologyBuilder).server]));
  const serverOf = (builder: string): BuildServer => servers.get(builder) as BuildServer;
  return { site, serverOf };
}

const look = (server: BuildServer, ...tasks: string[]) => tasks.map((task) => server.lookUp(taskhashOf(task)));
const report = (server: BuildServer, task: string, output: string) =>
  server.tell({ taskhash: taskhashOf(task), outhash: outhashOf(output), depid: depIdOf(task) });

const SITE = `
builders:
  - { name: ci, kind: fresh }
  - { name: desk, kind: fresh, server: public }
  - { name: far, kind: fresh, server: hub }
servers:
  - { name: main, upstream: hub, gc: { rule: age, steps: 2 } }
  - { name: public, read_only_of: main }
  - { name: hub, gc: { rule: age, steps: 1 } }
`;
const BUILDERS = ["ci", "desk", "far"] as const;

type Step =
  | { readonly look: readonly string[] }
  | { readonly report: string; readonly output: string }
  | { readonly declare: string; readonly depid: string };
const task = fc.constantFrom(...TASKS);
const build = fc.record({
  by: fc.constantFrom(...BUILDERS),
  does: fc.array(
    fc.oneof(
      fc.record({ look: fc.uniqueArray(task, { minLength: 1, maxLength: 3 }) }),
      fc.record({ report: task, output: fc.constantFrom("x", "y", "z") }),
      fc.record({ declare: task, depid: task }),
    ),
    { minLength: 1, maxLength: 6 },
  ) as fc.Arbitrary<readonly Step[]>,
});
type Build = typeof build extends fc.Arbitrary<infer T> ? T : never;

/** The same site of real servers. */
async function startSite() {
  const storage = createMemoryStorage();
  const bind = "127.0.0.1:0";
  const hub = await startServer({ bind, storage: createMemoryStorage() });
  const main = await startServer({ bind, storage, upstream: hub.address });
  const readOnly = await startServer({ bind, storage, readOnly: true });
  const clients = new Map<string, HashClient>();
  for (const [i, { address }] of [main, readOnly, hub].entries())
    clients.set(BUILDERS[i] as string, await openClient(address));
  return {
    clientOf: (builder: string) => clients.get(builder) as HashClient,
    async close() {
      for (const client of clients.values()) await client.close();
      for (const server of [readOnly, main, hub]) await server.close();
    },
  };
}

async function takeReally(client: HashClient, method: string, step: Step): Promise<readonly (DepId | undefined)[]> {
  if ("look" in step) return client.getDepIds(step.look.map((it) => ({ method, taskhash: taskhashOf(it) })));
  if ("report" in step) {
    const taskhash = taskhashOf(step.report);
    return [await client.report({ method, taskhash, outhash: outhashOf(step.output), depid: depIdOf(step.report) })];
  }
  const taskhash = taskhashOf(step.declare);
  try {
    return [await client.reportEquiv({ method, taskhash, depid: depIdOf(step.depid) })];
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    // A read-only server: BitBake goes on with what it looked up.
    return [(await client.get({ method, taskhash })) ?? depIdOf(step.declare)];
  }
}

function take(server: BuildServer, step: Step): readonly (DepId | undefined)[] {
  if ("look" in step) return look(server, ...step.look);
  if ("report" in step) return [report(server, step.report, step.output)];
  return [server.tell({ taskhash: taskhashOf(step.declare), depid: depIdOf(step.depid) })];
}

describe("the servers of a site, one with an upstream, a read-only one beside it, both collected", () => {
  it("answer as real servers do that are started so, whatever is looked up, reported and declared, and by whom", async () => {
    const real = await startSite();
    let runs = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(build, { maxLength: 3 }), { maxLength: 5 }), async (steps) => {
          const method = `m${runs++}`;
          const table = createTableService();
          const { site, serverOf } = open(SITE, {
            ...table,
            async removeAll(removed) {
              // What is collected here is collected there.
              for (const builder of ["ci", "far"]) {
                const space = builder === "ci" ? "n:equivhash:main" : "n:equivhash:hub";
                const own = removed.filter((it) => it.method === space);
                await real.clientOf(builder).removeAll(own.map(({ taskhash }) => ({ method, taskhash })));
              }
              await table.removeAll(removed);
            },
          });
          for (const [number, builds] of steps.entries()) {
            site.begin(number);
            for (const { by, does } of builds as readonly Build[]) {
              const server = serverOf(by);
              for (const step of does) {
                expect([step, take(server, step)]).toEqual([step, await takeReally(real.clientOf(by), method, step)]);
                await real.clientOf("ci").call(backfillWait, {});
              }
              await server.confirm();
            }
            site.end(number);
            for (const by of BUILDERS) await serverOf(by).confirm();
          }
        }),
        { numRuns: 40 },
      );
    } finally {
      await real.close();
    }
  });
});

describe("a server", () => {
  it("with an upstream answers by that what it does not know, keeps the answers, and reports nothing there", () => {
    const { site, serverOf } = open(`
builders: [{ name: ci, kind: fresh }, { name: far, kind: fresh, server: hub }]
servers: [{ name: main, upstream: hub }, { name: hub, lost: [{ at: 1 }] }]
`);
    site.begin(0);
    report(serverOf("far"), "a", "x");
    expect(look(serverOf("ci"), "a", "b")).toEqual([depIdOf("a"), undefined]);
    expect(report(serverOf("ci"), "b", "x")).toBe(depIdOf("a"));
    expect(look(serverOf("far"), "b")).toEqual([undefined]);
    site.end(0);
    site.begin(1);
    expect(look(serverOf("far"), "a")).toEqual([undefined]);
    expect(look(serverOf("ci"), "a", "b")).toEqual([depIdOf("a"), depIdOf("a")]);
  });

  it("whose upstream does not answer goes on by itself, as BitBake's own does", () => {
    const { site, serverOf } = open(`
builders: [{ name: ci, kind: fresh }, { name: far, kind: fresh, server: hub }]
servers: [{ name: main, upstream: hub }, { name: hub, unreachable: [1] }]
`);
    site.begin(0);
    report(serverOf("far"), "a", "x");
    report(serverOf("ci"), "b", "y");
    site.end(0);
    site.begin(1);
    expect(look(serverOf("ci"), "a", "b")).toEqual([undefined, depIdOf("b")]);
    expect(report(serverOf("ci"), "c", "x")).toBe(depIdOf("c"));
    site.end(1);
    site.begin(2);
    expect(look(serverOf("ci"), "a", "c")).toEqual([depIdOf("a"), depIdOf("c")]);
  });

  it("that is lost knows nothing any more, or what a copy knew, and is a new database on the service", async () => {
    const told: string[] = [];
    const table = createTableService();
    const { site, serverOf } = open(
      `
builders: [{ name: ci, kind: fresh }]
servers: [{ name: main, lost: [{ at: 2 }, { at: 3, restored_from: 0 }] }]
`,
      {
        ...table,
        reportAll(reports) {
          told.push(...reports.map(({ method }) => method));
          return table.reportAll(reports);
        },
      },
    );
    const server = serverOf("ci");
    const steps = [["a"], ["b"], [], []].map((tasks) => tasks);
    const known: unknown[] = [];
    for (const [step, tasks] of steps.entries()) {
      site.begin(step);
      known.push(look(server, "a", "b").map((it) => it !== undefined));
      for (const it of tasks) report(server, it, "x");
      await server.confirm();
      site.end(step);
    }
    expect(known).toEqual([
      [false, false],
      [true, false],
      [false, false],
      [true, false],
    ]);
    expect(report(server, "c", "x")).toBe(depIdOf("a"));
    await server.confirm();
    expect(told).toEqual(["n:equivhash:main", "n:equivhash:main", "n:equivhash:main@2", "n:equivhash:main@2"]);
  });

  it("that nobody reaches answers nothing in that step, and hears nothing", () => {
    const { site, serverOf } = open(`
builders: [{ name: ci, kind: fresh }, { name: desk, kind: fresh, unreachable: [1] }]
servers: [{ name: main, unreachable: [2] }]
`);
    const [ci, desk] = [serverOf("ci"), serverOf("desk")];
    const seen = [0, 1, 2, 3].map((step) => {
      site.begin(step);
      const task = TASKS[step] as string;
      const answers = [ci, desk].map((it) => look(it, "a")[0] !== undefined);
      const equal = report(desk, task, "x") === depIdOf("a");
      site.end(step);
      return [ci.isReached, desk.isReached, ...answers, equal];
    });
    expect(seen).toEqual([
      [true, true, false, false, true],
      [true, false, true, false, false],
      [false, false, false, false, false],
      [true, true, true, true, true],
    ]);
    expect(look(ci, "b", "c", "d")).toEqual([undefined, undefined, depIdOf("a")]);
  });

  it("of which rows are collected gives the next report of their output a depid of its own", () => {
    const { site, serverOf } = open(`
builders: [{ name: ci, kind: fresh }]
servers: [{ name: main, gc: { rule: age, steps: 1, every: 2 } }]
`);
    const server = serverOf("ci");
    const known = [0, 1, 2, 3].map((step) => {
      site.begin(step);
      if (step === 0) report(server, "a", "x");
      if (step === 1) report(server, "b", "x");
      site.end(step);
      return look(server, "a", "b");
    });
    const a = depIdOf("a");
    expect(known).toEqual([
      [a, undefined],
      [undefined, a],
      [undefined, a],
      [undefined, undefined],
    ]);
    expect(report(server, "c", "x")).toBe(depIdOf("c"));
  });
});
