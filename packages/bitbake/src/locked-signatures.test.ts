import { parseBaseHash, parseDepId, parseTaskHash, parseTid } from "@depid/hash";
import type { Capture, CapturedTask } from "@depid/task-graph";
import { describe, expect, it } from "vitest";
import { lockedSignaturesOf, parseLockedSigs } from "./locked-signatures.ts";

const COMPILE = "0fb3d015ad7fc6844c7e16dc5cb6d9ff5ee4fb5aade5970c3776bd16e26d3bc9";
const TASKHASH = "fda9c4746949e0f3ed6e9c4f183041de07314cf9098fa233c1580a80983a7398";
const DEPID = "13a7ecbb62034010ea5fca9d8eaf75246610b4966473a743b9e30ea43e645629";
const LINES = [
  "# locked by hand",
  'SIGGEN_LOCKEDSIGS_t-x86-64 = "\\',
  `    minitool-native:do_compile:${COMPILE} \\`,
  '    "',
  'SIGGEN_LOCKEDSIGS_t-x86-64-v3 = "\\',
  `    minilib:do_populate_sysroot:${DEPID} \\`,
  `    gone:do_compile:${COMPILE} \\`,
  '    "',
  'SIGGEN_LOCKEDSIGS_TYPES:qemux86-64 = "t-x86-64 t-x86-64-v3"',
  'SIGGEN_UNIHASHMAP += "\\',
  `    minilib:do_populate_sysroot:${TASKHASH}:${DEPID} \\`,
  '    "',
];

function taskOf(pn: string, task: string): CapturedTask {
  return {
    ...{ tid: parseTid(`/mini/${pn}.bb:${task}`), pn, task, version: "", basehash: parseBaseHash(COMPILE) },
    ...{
      hashdeps: [],
      execdeps: [],
      harddeps: [],
      files: [],
      taint: undefined,
      setscene: false,
      nostamp: false,
      noexec: false,
    },
    ...{ stamp: pn, stampExtra: "", hashfn: "", taskhash: parseTaskHash(TASKHASH), depid: parseDepId(DEPID) },
    ...{ hashedDepids: [], variables: undefined },
  };
}

const capture: Capture = {
  header: { origin: {}, unknown: [], assumed: [] },
  tasks: [taskOf("minilib", "do_populate_sysroot"), taskOf("minitool-native", "do_compile")],
};

describe("locked-sigs.inc", () => {
  const locks = parseLockedSigs(LINES, "locked-sigs.inc");

  it("has signatures by group, and depids for taskhashes", () => {
    expect(locks.rows).toEqual([
      {
        kind: "signature",
        group: "t-x86-64",
        pn: "minitool-native",
        task: "do_compile",
        taskhash: null,
        depid: COMPILE,
      },
      {
        kind: "signature",
        group: "t-x86-64-v3",
        pn: "minilib",
        task: "do_populate_sysroot",
        taskhash: null,
        depid: DEPID,
      },
      { kind: "signature", group: "t-x86-64-v3", pn: "gone", task: "do_compile", taskhash: null, depid: COMPILE },
      { kind: "depid", group: "", pn: "minilib", task: "do_populate_sysroot", taskhash: TASKHASH, depid: DEPID },
    ]);
    expect(locks.types.get("qemux86-64")).toEqual(["t-x86-64", "t-x86-64-v3"]);
  });

  it("locks the tasks of a capture by recipe and task, and tells of locks without a task", () => {
    const { locked, unused } = lockedSignaturesOf(locks, capture);
    expect(Object.fromEntries(locked.taskhashes)).toEqual({
      "/mini/minitool-native.bb:do_compile": COMPILE,
      "/mini/minilib.bb:do_populate_sysroot": DEPID,
    });
    const map = locked.depids?.get(parseTid("/mini/minilib.bb:do_populate_sysroot"));
    expect(map?.get(parseTaskHash(TASKHASH))).toBe(DEPID);
    expect(unused.map(({ pn }) => pn)).toEqual(["gone"]);
  });

  it("locks for a machine only what its types name", () => {
    expect(lockedSignaturesOf(locks, capture, "other").locked.taskhashes.size).toBe(0);
    expect(lockedSignaturesOf(locks, capture, "qemux86-64").locked.taskhashes.size).toBe(2);
  });

  it.each([
    ["another statement", ['MACHINE = "x"'], /^t:1: expected SIGGEN_LOCKEDSIGS_t-/],
    [
      "a word with too few parts",
      [...LINES.slice(0, 2), 'minilib:do_x"'],
      't:2: expected PN:TASK:HASH, found "minilib:do_x"',
    ],
    ["a lock in the map", ['SIGGEN_UNIHASHMAP = "a:do_b:c"'], 't:1: expected PN:TASK:TASKHASH:DEPID, found "a:do_b:c"'],
    ["an open end", LINES.slice(0, 3), "t:3: the last line goes on, and there is none (truncated?)"],
  ])("with %s is refused in one line", (_what, lines, message) => {
    expect(() => parseLockedSigs(lines, "t")).toThrow(message);
  });
});
