import { type DepId, type OutHash, parseDepId, parseOutHash, parseTaskHash, sha256Hex } from "@depid/hash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EquivalenceService, OutHashReport } from "../equivalence-service.ts";
import { createTableService, describeEquivalenceService } from "../testing/index.ts";
import { askOnce } from "./ask-once.ts";
import { ServerKnowledge } from "./server-knowledge.ts";
import { overlayServer } from "./trial.ts";

describeEquivalenceService("a server that is asked once", async () => askOnce(createTableService(), "contract"));

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
  | { readonly look: readonly string[]; readonly method: string }
  | { readonly report: readonly { readonly task: string; readonly output: string; readonly depid: string }[] }
  | { readonly declare: string; readonly depid: string }
  | { readonly fork: readonly Step[] };

const task = fc.constantFrom(...TASKS);
const { step } = fc.letrec<{ step: Step }>((tie) => ({
  step: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.record({ look: fc.array(task, { minLength: 1, maxLength: 6 }), method: fc.constantFrom(METHOD, METHOD, "n") }),
    fc.record({
      report: fc.array(fc.record({ task, output: fc.constantFrom("x", "y"), depid: task }), { maxLength: 3 }),
    }),
    fc.record({ declare: task, depid: task }),
    fc.record({ fork: fc.array(tie("step"), { maxLength: 8 }) }),
  ),
}));

/** Takes the steps as a policy's run does: what is answered becomes known, and a fork goes on from that. @returns all answers */
async function take(
  steps: readonly Step[],
  open: (service: EquivalenceService) => EquivalenceService,
  service: EquivalenceService,
): Promise<unknown[]> {
  const knowledge = new ServerKnowledge();
  const learn = (row: { taskhash: OutHashReport["taskhash"]; outhash?: OutHash }, answer: DepId): void => {
    knowledge.add(row.taskhash, row.outhash, answer);
  };
  const opened = open(service);
  const answers: unknown[] = [];
  for (const step of steps) {
    if ("look" in step) answers.push(await opened.getDepIds(step.look.map((it) => query(it, step.method))));
    else if ("report" in step) {
      const rows = step.report.map((it) => report(it.task, it.output, it.depid));
      const given = await opened.reportAll(rows);
      for (const [i, row] of rows.entries()) learn(row, given[i] as DepId);
      answers.push(given);
    } else if ("declare" in step) {
      const row = { ...query(step.declare), depid: parseDepId(hash(step.depid)) };
      const given = await opened.reportEquiv(row);
      learn(row, given);
      answers.push(given);
    } else answers.push(await take(step.fork, open, overlayServer(knowledge, METHOD)));
  }
  return answers;
}

describe("a server that is asked once answers as the server itself", () => {
  it("in any order of look-ups, reports, declarations and forks", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
        const asItIs = await take(steps, (it) => it, createTableService());
        expect(await take(steps, (it) => askOnce(it, METHOD), createTableService())).toEqual(asItIs);
      }),
    );
  });

  it("once it is quiet, whatever overlapped before", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 12 }), async (scheduler, steps) => {
        const table = createTableService();
        const slow: EquivalenceService = {
          getDepIds: async (queries) => delayed(() => table.getDepIds(queries)),
          reportAll: async (reports) => delayed(() => table.reportAll(reports)),
          reportEquiv: async (declared) => delayed(() => table.reportEquiv(declared)),
        };
        /** Done at some time, and answered at some later time. */
        const delayed = async <T>(act: () => Promise<T>): Promise<T> => {
          await scheduler.schedule(Promise.resolve());
          const answer = await act();
          await scheduler.schedule(Promise.resolve());
          return answer;
        };
        const once = askOnce(slow, METHOD);
        const all = steps.map((it) => take([it], () => once, slow));
        await scheduler.waitFor(Promise.all(all));
        const final = once.getDepIds(TASKS.map((it) => query(it)));
        expect(await scheduler.waitFor(final)).toEqual(await table.getDepIds(TASKS.map((it) => query(it))));
      }),
    );
  });
});

describe("what reaches the server", () => {
  /** A server that writes down what it is asked. */
  function open() {
    const table = createTableService();
    const log: string[] = [];
    const name = (taskhash: string) => TASKS.find((it) => hash(it) === taskhash);
    const getDepIds: EquivalenceService["getDepIds"] = (queries) => {
      log.push(queries.map((it) => name(it.taskhash)).join(" "));
      return table.getDepIds(queries);
    };
    const service = askOnce({ ...table, getDepIds }, METHOD);
    return { log, service, look: (...tasks: string[]) => service.getDepIds(tasks.map((it) => query(it))) };
  }

  it("is each taskhash once, and once more when it has been reported or declared", async () => {
    const { log, service, look } = open();
    await look("a", "b");
    await look("b", "a", "c");
    await service.reportAll([report("a", "x")]);
    await service.reportEquiv({ ...query("b"), depid: parseDepId(hash("a")) });
    await look("a", "b", "c");
    await look("a", "b", "c");
    await service.reportAll([report("a", "y")]);
    await look("a", "b", "c");
    expect(log).toEqual(["a b", "c", "a b"]);
  });

  it("is every look-up in the name space of others", async () => {
    const { log, service } = open();
    const others = [query("a", "others"), query("b", "others")];
    await service.getDepIds(others);
    await service.getDepIds([...others, query("c")]);
    await service.getDepIds([query("c"), ...others]);
    expect(log).toEqual(["a b", "a b c", "a b"]);
  });
});
