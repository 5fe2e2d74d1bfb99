import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readStates } from "./fs/index.ts";
import { formatHistory, type History, type HistoryStep } from "./history.ts";
import { isStep } from "./history-state.ts";
import { parseHistory, StateReader } from "./read/index.ts";
import { settingsAt } from "./settings-in-force.ts";
import { TaskGraph } from "./task-graph.ts";
import { basehashOf, sketchTask, tidOf } from "./testing/index.ts";

const RECORDED = join(import.meta.dirname, "../../../examples/oe-core/core-image-minimal.history.jsonl.gz");

const NAMES = ["a:do_x", "b:do_x", "c:do_x", "d:do_x", "e:do_x"];

/** What a step says of one task. */
interface Say {
  readonly there: boolean;
  readonly version: number;
  /** Which of the tasks before it in `NAMES` it depends on, if they are there. */
  readonly deps: readonly number[];
  readonly variable: number;
  /** Written again though it is as it was. */
  readonly again: boolean;
}

const say: fc.Arbitrary<Say> = fc.record({
  there: fc.boolean(),
  version: fc.nat(2),
  deps: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
  variable: fc.nat(2),
  again: fc.boolean(),
});
const stepSays = fc.record({ says: fc.tuple(...NAMES.map(() => say)), settings: fc.option(fc.boolean()) });

/** Histories in which tasks come, change, get other dependencies, go and come back, and rows are written again as they were. */
const histories = fc.array(stepSays, { minLength: 1, maxLength: 7 }).map((all): History => {
  const before = new Map<string, string>();
  const steps = all.map(({ says, settings }, step): HistoryStep => {
    const upsert = says.flatMap(({ there, version, deps, variable, again }, i) => {
      const name = NAMES[i] as string;
      if (!there) return [];
      const task = sketchTask(name, {
        basehash: basehashOf(`${name} ${version}`),
        deps: deps.filter((at) => at < i && says[at]?.there === true).map((at) => NAMES[at] as string),
        variables: [{ name: "V", value: `${variable}`, deps: [] }],
      });
      if (before.get(name) === JSON.stringify(task) && !again) return [];
      return [task];
    });
    const remove = NAMES.filter((name, i) => says[i]?.there !== true && before.has(name));
    for (const name of remove) before.delete(name);
    for (const task of upsert) before.set(`${task.pn}:${task.task}`, JSON.stringify(task));
    return {
      step,
      id: `commit-${step}`,
      date: "2026-01-01T00:00:00Z",
      commits: [{ id: `commit-${step}`, title: "\u2028 is no line end" }],
      ...(settings === null
        ? {}
        : { settings: { excludedSysroots: [], outhashExtra: settings ? ("oe-core" as const) : ("none" as const) } }),
      change: { upsert, remove: remove.map(tidOf) },
      expect: { tasks: before.size, taskhashes: "0".repeat(64) },
    };
  });
  return { header: { tool: "test" }, steps };
});

function statesOf(lines: Iterable<string>, wanted: readonly string[]) {
  const reader = new StateReader("h", wanted);
  for (const line of lines) {
    if (reader.isDone) break;
    reader.push(line);
  }
  return reader.end().states;
}

/** What applying one change after the other leads to, as far as that step. */
function replayTo(steps: readonly HistoryStep[], last: number) {
  const graph = new TaskGraph([]);
  for (const { change } of steps.slice(0, last + 1)) graph.apply(change);
  return graph.tasks;
}

describe("the state at a step", () => {
  it("is what all changes up to it lead to, for every step, whatever came, went, came back or was written again", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const lines = [...formatHistory(history)];
        const { steps } = parseHistory(lines, "h");
        for (const { step, id } of steps) {
          const [state] = statesOf(lines, [`${step}`]);
          expect(state?.tasks).toEqual(replayTo(steps, step));
          expect(state).toMatchObject({ step, id, settings: settingsAt(steps, step) });
        }
      }),
    );
  });

  it("is the same when others are asked for with it, in any order, and tasks that are the same are one object", () => {
    fc.assert(
      fc.property(histories, fc.array(fc.nat(6), { minLength: 1, maxLength: 4 }), (history, asked) => {
        const lines = [...formatHistory(history)];
        const numbers = asked.map((it) => it % history.steps.length);
        const together = statesOf(lines, numbers.map(String));
        expect(together).toEqual(numbers.flatMap((it) => statesOf(lines, [`${it}`])));
        for (const [i, number] of numbers.entries()) {
          const rewritten = new Set(
            history.steps
              .filter(
                ({ step }) =>
                  step > Math.min(number, numbers[0] as number) && step <= Math.max(number, numbers[0] as number),
              )
              .flatMap(({ change }) => [...change.remove, ...change.upsert.map(({ tid }) => tid)]),
          );
          for (const task of together[i]?.tasks ?? [])
            if (!rewritten.has(task.tid)) expect(together[0]?.tasks).toContain(task);
        }
      }),
    );
  });

  it("is refused for what is wrong with a row that it has, in the words of who reads all, and for no other row", () => {
    const harm = fc.constantFrom<readonly [string, unknown]>(
      ["basehash", "abc"],
      ["pn", ""],
      ["hashdeps", ["a.bb"]],
      ["files", [["x"]]],
      ["nostamp", undefined],
      ["unknown", 1],
      ["variables", [99]],
      ["variables", "none"],
    );
    fc.assert(
      fc.property(histories, fc.nat(), fc.nat(), harm, (history, some, other, [key, value]) => {
        const lines = [...formatHistory(history)];
        const withRows = history.steps.filter(({ change }) => change.upsert.length > 0);
        fc.pre(withRows.length > 0);
        const { step, change } = withRows[some % withRows.length] as HistoryStep;
        const at = other % change.upsert.length;
        const row = JSON.parse(lines[step + 1] as string);
        row.upsert[at][key] = value;
        const harmed = lines.with(step + 1, JSON.stringify(row));
        const whole = errorOf(() => parseHistory(harmed, "h"));
        expect(whole).toContain(`h:${step + 2}: upsert[${at}]`);
        const tid = change.upsert[at]?.tid;
        const next = history.steps.find(
          (it) =>
            it.step > step &&
            [...it.change.remove, ...it.change.upsert.map((task) => task.tid)].some((it) => it === tid),
        );
        for (const { step: asked } of history.steps) {
          const isIn = asked >= step && asked < (next?.step ?? Number.POSITIVE_INFINITY);
          if (isIn) expect(errorOf(() => statesOf(harmed, [`${asked}`]))).toBe(whole);
          else expect(statesOf(harmed, [`${asked}`])).toEqual(statesOf(lines, [`${asked}`]));
        }
      }),
    );
  });
});

function errorOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("expected an error");
}

describe("a line that makes no sense before a step that is asked for is refused with line and field:", () => {
  const task = (name: string, deps: readonly string[] = []) => ({
    ...sketchTask(name, { deps }),
    stampExtra: undefined,
    harddeps: undefined,
    noexec: undefined,
  });
  const line = (step: number, upsert: readonly unknown[], remove: readonly unknown[] = []) =>
    JSON.stringify({
      step,
      id: `${step}`,
      date: "",
      commits: [],
      upsert,
      remove,
      expect: { tasks: 1, taskhashes: "0".repeat(64) },
    });
  const HEADER = '{"format":"depid-history/1"}';
  const first = line(0, [task("a:do_x"), task("b:do_x", ["a:do_x"])]);
  it.each([
    ["no JSON", [HEADER, "{"], 'h:2: expected a JSON object, found "{"'],
    ["a step out of order", [HEADER, line(1, [])], "h:2: step: expected 0, found 1"],
    ["a row that is none", [HEADER, line(0, [7])], "h:2: upsert[0]: "],
    ["a row that is null", [HEADER, line(0, [null])], "h:2: upsert[0]: "],
    ["a tid that is none", [HEADER, line(0, [{ ...task("a:do_x"), tid: 7 }])], "h:2: upsert[0].tid: "],
    [
      "a task twice",
      [HEADER, line(0, [task("a:do_x"), task("a:do_x")])],
      'h:2: upsert[1].tid: "a.bb:do_x" is there twice',
    ],
    [
      "a removal of what is not there",
      [HEADER, first, line(1, [], ["z.bb:do_x"])],
      'h:3: remove[0]: no task "z.bb:do_x" is there',
    ],
    [
      "a removal twice",
      [HEADER, first, line(1, [], ["b.bb:do_x", "b.bb:do_x"])],
      'h:3: remove[1]: no task "b.bb:do_x" is there',
    ],
    [
      "a row of what is removed",
      [HEADER, first, line(1, [task("b:do_x")], ["b.bb:do_x"])],
      'h:3: upsert[0].tid: "b.bb:do_x" is removed, too',
    ],
    [
      "a dependency that never was",
      [HEADER, line(0, [task("b:do_x", ["a:do_x"])])],
      'h:2: upsert[0].hashdeps[0]: no task "a.bb:do_x" is there at step 0',
    ],
    [
      "a dependency that went",
      [HEADER, first, line(1, [], ["a.bb:do_x"])],
      'h:2: upsert[1].hashdeps[0]: no task "a.bb:do_x" is there at step 1',
    ],
  ])("%s", (_what, lines, message) => {
    const asked = `${lines.length - 2}`;
    expect(() => statesOf(lines, [asked])).toThrow(message);
  });

  it("of a history without steps, that there is none", () => {
    expect(() => statesOf([HEADER], ["0"])).toThrow("h: expected at least one step");
  });
});

describe("a step is named by", () => {
  const step = { step: 12, id: "0123456789ab" };
  it.each([
    ["12", true],
    ["012", true],
    ["13", false],
    ["012345", false],
    ["0123456", true],
    ["0123456789abcdef", true],
    ["0123457", false],
    ["abcdefg", false],
  ])("%s: %s", (name, expected) => {
    expect(isStep(name, step)).toBe(expected);
  });
});

describe("states of a file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "depid-states-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("are found by number and by commit; what is not there is not, and the steps are counted", async () => {
    const { states, steps, header } = await readStates(RECORDED, ["35", "ef0178f1265c", "42"]);
    expect([states[0]?.step, states[1]?.step, states[2]]).toEqual([35, 35, undefined]);
    expect(steps).toBe(42);
    expect(header.layer).toBe("oe-core");
  });

  it("need nothing of what follows the last of them, be it cut off or nonsense", async () => {
    const lines = gunzipSync(await readFile(RECORDED))
      .toString()
      .split("\n");
    const file = join(folder, "h.jsonl");
    await writeFile(file, `${lines.slice(0, 4).join("\r\n")}\r\n{oops`);
    expect((await readStates(file, ["2"])).states).toEqual((await readStates(RECORDED, ["2"])).states);
    await expect(readStates(file, ["3"])).rejects.toThrow(`h.jsonl:5: expected a JSON object, found "{oops"`);
  });
});
