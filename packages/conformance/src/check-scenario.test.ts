import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkScenario } from "./check-scenario.ts";
import { parseScenario } from "./scenario.ts";

const FOLDER = new URL("../../../fixtures/runqueue/", import.meta.url);
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
}

describe("recorded builds", () => {
  it.each(names)("%s agrees", async (name) => {
    expect(await checkScenario(parseScenario(read(name)))).toEqual({ verdict: "agrees" });
  });
});

describe("a recording that was tampered with differs, in the field's words", () => {
  it.each([
    {
      field: "executed",
      tamper: (result: Recorded) => result.executed.reverse(),
      difference: 'step 1 "nothing built yet": executed[0]: expected c:do_populate_sysroot, found a:do_fetch',
    },
    {
      field: "log",
      tamper: (result: Recorded) => result.log.splice(1, 1),
      difference: /^step 1 "nothing built yet": log\[1\]: expected setscene_notcovered .* no-object, found /,
    },
    {
      field: "stamps",
      tamper: (result: Recorded) => result.stamps.push("a.do_lost.1"),
      difference: 'step 1 "nothing built yet": stamps: expected /a.do_lost.1, not found',
    },
    {
      field: "sstate_summary",
      tamper: (result: Recorded) => Object.assign(result.sstate_summary, { missed: 12 }),
      difference: 'step 1 "nothing built yet": sstate_summary.missed: expected 12, found 13',
    },
    {
      field: "start",
      tamper: (result: Recorded) => result.start.unskippable.pop(),
      difference: 'step 1 "nothing built yet": start.unskippable: found c:do_populate_sysroot, not expected',
    },
    {
      field: "hashes",
      tamper: (result: Recorded) => Object.assign(result.hashes["a:do_fetch"] ?? [], { 1: "#1" }),
      difference:
        /^step 1 "nothing built yet": hashes of a:do_fetch: taskhash: expected [0-9a-f]{64}, found [0-9a-f]{64}$/,
    },
  ])("$field", async ({ tamper, difference }) => {
    const json = read("h01-first-and-again") as { readonly steps: readonly { readonly result: Recorded }[] };
    tamper((json.steps[0] as { readonly result: Recorded }).result);
    const matching = typeof difference === "string" ? difference : expect.stringMatching(difference);
    expect(await checkScenario(parseScenario(json))).toEqual({ verdict: "differs", difference: matching });
  });
});

describe("a recording that does not fit together is an error that names the field", () => {
  it.each<[string, (json: Tampered) => void, string]>([
    ["a dependency nobody knows", ({ graphs }) => graphs.g1["a:do_compile"].depends.push("z:do_x"), "graph: no task"],
    ["tasks in a circle", ({ graphs }) => graphs.g1["a:do_fetch"].depends.push("a:do_compile"), "graph: tasks depend"],
    [
      "an order that lacks a task",
      ({ orders }) => orders.o1.priority.pop(),
      "order: priority: expected each of 35 tasks",
    ],
  ])("%s", async (_what, tamper, message) => {
    const json = read("h01-first-and-again") as Tampered;
    tamper(json);
    await expect(checkScenario(parseScenario(json))).rejects.toThrow(`run queue scenario: steps[0].result.${message}`);
  });
});

interface Tampered {
  readonly graphs: { readonly g1: Record<"a:do_compile" | "a:do_fetch", { readonly depends: string[] }> };
  readonly orders: { readonly o1: { readonly priority: string[] } };
}

interface Recorded {
  readonly executed: string[];
  readonly log: unknown[];
  readonly stamps: string[];
  readonly sstate_summary: object;
  readonly start: { readonly unskippable: string[] };
  readonly hashes: Readonly<Record<string, string[]>>;
}
