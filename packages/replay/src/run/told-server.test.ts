import { parseDepId, parseOutHash, parseTaskHash, sha256Hex } from "@depid/hash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EquivalenceService, OutHashReport } from "../equivalence-service.ts";
import { createTableService } from "../testing/index.ts";
import { ToldServer } from "./told-server.ts";

const METHOD = "m";
const TASKS = ["a", "b", "c", "d"] as const;
const hash = (text: string) => sha256Hex(text) as string;
const query = (task: string, method = METHOD) => ({ method, taskhash: parseTaskHash(hash(task)) });
const report = (task: string, output: string, depid = task): OutHashReport => ({
  ...query(task),
  outhash: parseOutHash(hash(output)),
  depid: parseDepId(hash(depid)),
});

type Step =
  | { readonly look: readonly string[] }
  | { readonly report: readonly { readonly task: string; readonly output: string; readonly depid: string }[] }
  | { readonly declare: string; readonly depid: string }
  | { readonly fork: readonly Step[] }
  | { readonly confirm: true };

const task = fc.constantFrom(...TASKS);
const { step } = fc.letrec<{ step: Step }>((tie) => ({
  step: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.record({ look: fc.array(task, { minLength: 1, maxLength: 6 }) }),
    fc.record({
      report: fc.array(fc.record({ task, output: fc.constantFrom("x", "y"), depid: task }), { maxLength: 3 }),
    }),
    fc.record({ declare: task, depid: task }),
    fc.record({ fork: fc.array(tie("step"), { maxLength: 8 }) }),
  ),
}));

/** Takes the steps on a server that does as it is told at once. A fork has one of its own, which begins with what was told so far. @returns all answers */
async function takeAtOnce(steps: readonly Step[], before: readonly Step[] = []): Promise<unknown[]> {
  const table = createTableService();
  const done: Step[] = [];
  const take = async (step: Step): Promise<unknown> => {
    if ("fork" in step) return takeAtOnce(step.fork, done);
    if ("confirm" in step) return [];
    done.push(step);
    if ("look" in step) return table.getDepIds(step.look.map((it) => query(it)));
    if ("report" in step) return table.reportAll(step.report.map((it) => report(it.task, it.output, it.depid)));
    return table.reportEquiv({ ...query(step.declare), depid: parseDepId(hash(step.depid)) });
  };
  for (const step of before) await take(step);
  const answers: unknown[] = [];
  for (const step of steps) answers.push(await take(step));
  return answers;
}

/** Takes the steps as a policy's builds do. */
async function takeInBuilds(steps: readonly Step[], server: ToldServer): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const step of steps) {
    if ("look" in step) answers.push(await server.getDepIds(step.look.map((it) => query(it))));
    else if ("report" in step) {
      answers.push(step.report.map((it) => server.tell(report(it.task, it.output, it.depid))));
    } else if ("declare" in step) {
      answers.push(server.tell({ ...query(step.declare), depid: parseDepId(hash(step.depid)) }));
    } else if ("fork" in step) answers.push(await takeInBuilds(step.fork, server.fork()));
    else await server.confirm();
  }
  return answers;
}

describe("a server that is told when a build is over", () => {
  it("answers as one that is told at once, in any order of look-ups, reports, declarations, forks and builds, and agrees when it is told", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(step, fc.constant<Step>({ confirm: true })), { maxLength: 24 }),
        async (steps) => {
          const service = createTableService();
          const server = new ToldServer(service, METHOD);
          expect(await takeInBuilds(steps, server)).toEqual(await takeAtOnce(steps.filter((it) => !("confirm" in it))));
          await server.confirm();
          const all = TASKS.map((it) => query(it));
          expect(await service.getDepIds(all)).toEqual(await server.getDepIds(all));
        },
      ),
    );
  });

  it("is told in the order of the build, together what goes together, and asked for what it was told of; then nothing is left", async () => {
    const { log, server } = open();
    server.tell(report("a", "x"));
    server.tell(report("b", "x"));
    server.tell({ ...query("c"), depid: parseDepId(hash("a")) });
    server.tell(report("c", "y"));
    expect(log).toEqual([]);
    await server.confirm();
    expect(log).toEqual(["report a b", "declare c", "report c", "look a b c c"]);
    await server.confirm();
    expect(log).toHaveLength(4);
  });

  it("is asked at once about name spaces of others", async () => {
    const { log, server } = open();
    server.tell(report("a", "x"));
    const queries = [query("b", "others"), query("a"), query("a", "others")];
    expect(await server.getDepIds(queries)).toEqual([undefined, hash("a"), undefined]);
    expect(log).toEqual(["look b a"]);
  });

  it("tells nobody of what a fork is told", async () => {
    const { log, server } = open();
    const fork = server.fork();
    fork.tell(report("a", "x"));
    await fork.confirm();
    await server.confirm();
    expect(await server.getDepIds([query("a")])).toEqual([undefined]);
    expect(log).toEqual([]);
  });

  it.each<[string, Partial<EquivalenceService>, string]>([
    ["answers a report otherwise", { reportAll: async (all) => all.map(({ depid }) => depid) }, hash("b")],
    ["answers a declaration otherwise", { reportEquiv: async () => parseDepId(hash("d")) }, hash("d")],
    ["does not keep what it was told", { getDepIds: async (all) => all.map(() => undefined) }, "none"],
  ])("is not believed when it %s", async (_how, wrong, found) => {
    const server = new ToldServer({ ...createTableService(), ...wrong }, METHOD);
    server.tell(report("a", "x"));
    server.tell(report("b", "x"));
    server.tell({ ...query("c"), depid: parseDepId(hash("a")) });
    await expect(server.confirm()).rejects.toThrow(
      new RegExp(
        `^the server: expected depid ${hash("a")} for taskhash \\w+, by what it was told before, found ${found}: a replay needs`,
      ),
    );
  });
});

/** A server that writes down what reaches it. */
function open() {
  const table = createTableService();
  const log: string[] = [];
  const write = (what: string, rows: readonly { readonly taskhash: string }[]) =>
    log.push([what, ...rows.map((row) => TASKS.find((it) => hash(it) === row.taskhash))].join(" "));
  const service: EquivalenceService = {
    getDepIds(queries) {
      write("look", queries);
      return table.getDepIds(queries);
    },
    reportAll(reports) {
      write("report", reports);
      return table.reportAll(reports);
    },
    reportEquiv(declared) {
      write("declare", [declared]);
      return table.reportEquiv(declared);
    },
    removeAll(tasks) {
      write("remove", tasks);
      return table.removeAll(tasks);
    },
  };
  return { log, server: new ToldServer(service, METHOD) };
}
