import { describe, expect, it } from "vitest";
import type { BuildRecord } from "../build-record.ts";
import { BuildLogReader } from "./build-log.ts";

function read(...lines: readonly (string | object)[]): readonly BuildRecord[] {
  const reader = new BuildLogReader("b.jsonl");
  for (const line of lines) reader.push(typeof line === "string" ? line : JSON.stringify(line));
  return reader.end();
}

const HEADER = {
  format: "depid-build/1",
  tool: "meta-depid, bitbake 2.19.0",
  machine: "m",
  handler: "OEEquivHash",
  target: "top",
  started: "2026-11-26T21:52:07.755+00:00",
};
const HASH = "1".repeat(64);
const task = (tid: string, how: string, times: object = { start: 100, seconds: 2 }) => {
  return { tid, how, ...times, pn: "a", task: "do_x", taskhash: HASH, depid: HASH };
};
const end = (tasks: number, interrupted = false, unfinished: string[] = []) => ({
  end: { tasks, unfinished, interrupted },
});

describe("a build log of meta-depid", () => {
  it("says what became of each task, and how long it took", () => {
    const [record] = read(
      HEADER,
      task("a:do_a", "executed"),
      task("a:do_b", "restore-failed", { start: 100, seconds: 1 }),
      task("a:do_b", "failed"),
      task("a:do_c", "restored"),
      task("a:do_d", "noexec"),
      task("a:do_e", "failed", {}), // BB_SETSCENE_ENFORCE
      end(6),
    );
    expect(record).toEqual({
      source: "b.jsonl",
      build: "1",
      kind: "depid-build",
      naming: "tid",
      finished: true,
      unknown: [],
      executed: new Set(["a:do_a", "a:do_b"]),
      restored: new Set(["a:do_c"]),
      noexec: new Set(["a:do_d"]),
      failed: new Set(["a:do_b", "a:do_e"]),
      restoreFailed: new Set(["a:do_b"]),
      seconds: new Map([
        ["a:do_a", 2],
        ["a:do_b_setscene", 1],
        ["a:do_b", 2],
        ["a:do_c_setscene", 2],
      ]),
    });
  });

  it.each([
    ["no last line", []],
    ["half a last line", ['{"tid":"a:do_b","how":"exe']],
  ])("of a build that was killed has %s: what it has counts, and the rest is unknown", (_name, rest) => {
    const [record] = read(HEADER, task("a:do_a", "executed"), ...rest);
    expect(record).toMatchObject({ executed: new Set(["a:do_a"]), finished: false });
    expect(record?.unknown).toEqual(["what ran behind the end of the source: it stops before the build does"]);
  });

  it("of a build that was interrupted names what began and did not end", () => {
    const [record] = read(HEADER, end(0, true, ["a:do_a", "a:do_b_setscene"]));
    expect(record).toMatchObject({ executed: new Set(["a:do_a"]), restored: new Set(), finished: false });
    expect(record?.unknown[0]).toBe("what became of 2 tasks that began and of which no end was heard");
  });

  it("may stand behind another", () => {
    expect(read(HEADER, end(0), HEADER, task("a:do_a", "executed"), end(1)).map(({ build }) => build)).toEqual([
      "1",
      "2",
    ]);
  });

  it.each([
    ["without a header", [task("a:do_a", "executed")], "b.jsonl:1: expected a header"],
    ["with a faulty line that others follow", [HEADER, task("a:do_a", "run"), end(1)], "b.jsonl:2: how"],
    ["with another count", [HEADER, end(7), HEADER], "b.jsonl:2: end.tasks: 7, but there are 0"],
    ["of another version", [{ ...HEADER, format: "depid-build/9" }], "b.jsonl:1: expected a header"],
  ])("%s is refused", (_name, lines, message) => {
    expect(() => read(...lines)).toThrow(message);
  });
});
