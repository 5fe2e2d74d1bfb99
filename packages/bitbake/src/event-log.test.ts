import { describe, expect, it } from "vitest";
import type { BuildRecord } from "./build-record.ts";
import { EventLogReader } from "./event-log.ts";

function read(...lines: readonly string[]): readonly BuildRecord[] {
  const reader = new EventLogReader("e.json");
  for (const line of lines) reader.push(line);
  return reader.end();
}

/** An event as BitBake writes it; its pickle is of protocol 0, which is text. */
function event(name: string, fields: Readonly<Record<string, string | number | boolean>> = {}): string {
  const items = Object.entries(fields).map(([key, value]) => {
    const text =
      typeof value === "string" ? `V${value}\n` : typeof value === "number" ? `F${value}\n` : value ? "\x88" : "\x89";
    return `V${key}\n${text}`;
  });
  const at = name.lastIndexOf(".");
  const pickle = `c${name.slice(0, at)}\n${name.slice(at + 1)}\n)\x81}(${items.join("")}ub.`;
  return JSON.stringify({ class: name, vars: btoa(pickle) });
}

const VARIABLES = '{"allvariables": {}}';
const DONE = event("bb.event.BuildCompleted");
const ran = (tid: string, noexec = false) => event("bb.runqueue.runQueueTaskStarted", { taskid: tid, noexec });
const began = (file: string, task: string, time: number, config = "") =>
  event("bb.build.TaskStarted", { _fn: file, _task: task, _mc: config, time });

describe("an event log", () => {
  it("has a build for each time that the run queue did anything, and its end", () => {
    const skipped = event("bb.runqueue.runQueueTaskSkipped", { taskid: "/a.bb:do_a", reason: "existing" });
    const records = read(
      event("bb.event.BuildStarted"),
      VARIABLES,
      ran("/a.bb:do_a"),
      began("/a.bb", "do_a", 1),
      DONE,
      DONE,
      event("bb.event.BuildStarted"),
      event("bb.event.BuildStarted"),
      skipped,
      DONE, // before 2.8: no variables
      VARIABLES,
      event("bb.event.BuildCompleted"), // -S: no run queue
      VARIABLES,
      ran("/a.bb:do_b", true),
    );
    expect(
      records.map(({ build, executed, noexec, finished }) => [build, [...executed], noexec?.size, finished]),
    ).toEqual([
      ["1", ["/a.bb:do_a"], 0, true],
      ["2", [], 0, true],
      ["3", [], 1, false],
    ]);
  });

  it("names the configuration of a task's own events", () => {
    const [record] = read(
      ran("mc:arm:virtual:native:/a.bb:do_a"),
      began("virtual:native:/a.bb", "do_a", 10.25, "arm"),
      event("bb.build.TaskSucceeded", { _fn: "virtual:native:/a.bb", _task: "do_a", _mc: "arm", time: 12.5 }),
      DONE,
    );
    expect(Object.fromEntries(record?.seconds ?? [])).toEqual({ "mc:arm:virtual:native:/a.bb:do_a": 2.25 });
  });

  it("of a dry run says that none of its tasks started", () => {
    expect(read(ran("/a.bb:do_a"), DONE)[0]?.unknown).toEqual([
      "whether tasks really ran: none says that it started, as in a dry run (-n)",
    ]);
  });

  it("of a build that was killed may end in half a line", () => {
    const [record] = read(ran("/a.bb:do_a"), began("/a.bb", "do_a", 1), ran("/a.bb:do_b").slice(0, 80));
    expect(record).toMatchObject({ executed: new Set(["/a.bb:do_a"]), finished: false });
  });

  it.each([
    ["that is no event", "{}", "e.json:1: expected an event"],
    [
      "with a pickle that is none",
      '{"class": "bb.runqueue.runQueueTaskFailed", "vars": "AAAA"}',
      "e.json:1: bb.runqueue.run",
    ],
    ["as before BitBake 1.32", '{"class": "bb.build.TaskStarted", "vars": "\\"(ibb\\""}', "vars: expected base64"],
    ["without the task", event("bb.runqueue.runQueueTaskStarted"), "taskid: expected a text"],
  ])("with a line %s is refused", (_name, line, message) => {
    expect(() => read(line, DONE)).toThrow(message);
  });

  it("unpickles nothing that tells of no task", () => {
    expect(read('{"class": "logging.LogRecord", "vars": "broken"}', ran("/a.bb:do_a", true), DONE)).toHaveLength(1);
  });
});
