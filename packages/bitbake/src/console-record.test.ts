import { describe, expect, it } from "vitest";
import type { BuildRecord } from "./build-record.ts";
import { ConsoleRecordReader } from "./console-record.ts";

function read(...lines: readonly string[]): readonly BuildRecord[] {
  const reader = new ConsoleRecordReader("console.log");
  for (const line of lines) reader.push(line);
  return reader.end();
}

const READY = "NOTE: Executing Tasks";
const RUN = "NOTE: Running task 12 of 345 (/a/x_1.bb:do_y)";
const STARTED = "NOTE: recipe x-1-r0: task do_y: Started";
const done = (attempted: number, skipped: number) =>
  `NOTE: Tasks Summary: Attempted ${attempted} tasks of which ${skipped} didn't need to be rerun and all succeeded.`;

describe("a line of a console log", () => {
  it.each([
    ["of today", "(/a/x_1.bb:do_y)", "/a/x_1.bb:do_y"],
    ["of a variant", "(virtual:native:/a/x_1.bb:do_y)", "virtual:native:/a/x_1.bb:do_y"],
    ["of a configuration", "(mc:arm:virtual:native:/a/x_1.bb:do_y)", "mc:arm:virtual:native:/a/x_1.bb:do_y"],
    ["of a configuration before BitBake 1.44", "(multiconfig:arm:/a/x_1.bb:do_y)", "mc:arm:/a/x_1.bb:do_y"],
    ["before BitBake 1.32", "(ID: 7, /a/x_1.bb, do_y)", "/a/x_1.bb:do_y"],
    ["of a variant before BitBake 1.32", "(ID: 7, virtual:native:/a/x_1.bb, do_y)", "virtual:native:/a/x_1.bb:do_y"],
    ["in the summer of 2016", "(ID: /a/x_1.bb:do_y, /a/x_1.bb:do_y)", "/a/x_1.bb:do_y"],
  ])("%s names the task that began", (_name, text, key) => {
    const [record] = read(READY, `NOTE: Running task 12 of 345 ${text}`, STARTED, done(1, 0));
    expect([...(record?.executed ?? [])]).toEqual([key]);
  });

  it("says what was restored, stamped, failed, and not restored", () => {
    const [record] = read(
      READY,
      "NOTE: Running setscene task 1 of 9 (/a/x_1.bb:do_a_setscene)",
      "NOTE: Running setscene task 2 of 9 (/a/x_1.bb:do_b_setscene)",
      "NOTE: Running setscene task 3 of 9 (/a/x_1.bb, do_c_setscene)",
      "WARNING: Setscene task (/a/x_1.bb:do_b_setscene) failed with exit code '1' - real task will be run instead",
      "WARNING: Setscene task 3 (/a/x_1.bb, do_c_setscene) failed with exit code '1' - real task will be run instead",
      "NOTE: Running noexec task 4 of 9 (ID: 4, /a/x_1.bb, do_d)",
      RUN,
      STARTED,
      "ERROR: Task 5 (/a/x_1.bb, do_y) failed with exit code '1'",
      "NOTE: Tasks Summary: Attempted 9 tasks of which 7 didn't need to be rerun and 1 failed.",
    );
    expect(record).toEqual({
      source: "console.log",
      build: "1",
      kind: "console",
      naming: "tid",
      finished: true,
      unknown: [],
      executed: new Set(["/a/x_1.bb:do_y"]),
      restored: new Set(["/a/x_1.bb:do_a"]),
      noexec: new Set(["/a/x_1.bb:do_d"]),
      failed: new Set(["/a/x_1.bb:do_y"]),
      restoreFailed: new Set(["/a/x_1.bb:do_b", "/a/x_1.bb:do_c"]),
    });
  });

  it("that a tool put the time before counts, and one that a task printed does not", () => {
    const [record] = read(READY, `[12:00:01] ${RUN}`, STARTED, `| ${RUN.replace("do_y", "do_inner")}`, done(1, 0));
    expect([...(record?.executed ?? [])]).toEqual(["/a/x_1.bb:do_y"]);
  });
});

describe("a console log", () => {
  it("has builds one after another; what has no end says so", () => {
    const records = read("Build Configuration:", READY, RUN, STARTED, "Build Configuration:", READY, done(4, 4), READY);
    expect(records.map(({ executed, finished }) => [executed.size, finished])).toEqual([
      [1, false],
      [0, true],
      [0, false],
    ]);
    expect(records[0]?.unknown).toEqual(["what ran behind the end of the source: it stops before the build does"]);
  });

  it("that lacks lines says how many tasks BitBake counted", () => {
    expect(read(READY, RUN, STARTED, done(345, 300))[0]?.unknown).toEqual([
      "which tasks ran: BitBake counted 45, and the log has lines of 1",
    ]);
  });

  it("of a dry run says that none of its tasks started", () => {
    expect(read(READY, RUN, done(1, 0))[0]?.unknown).toEqual([
      "whether tasks really ran: none says that it started, as in a dry run (-n)",
    ]);
  });

  it("without lines of the tasks that ran is refused, be its terminal coloured or not", () => {
    expect(() => read(READY, done(2, 1))).toThrow('console.log:1: a build without lines "NOTE: Running task …"');
    expect(() =>
      read("\u001b[1;29mNOTE\u001b[0m: \u001b[29mExecuting Tasks\u001b[0m", "Setscene tasks: 0 of 2", done(1, 1)),
    ).toThrow("console.log:1: a build without lines");
  });
});
