// biome-ignore-all lint/suspicious/noTemplateCurlyInString: BitBake writes expansions so
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
    tid: parseTid(`/mini/${pn}.bb:${task}`),
    pn,
    task,
    version: "",
    basehash: parseBaseHash(COMPILE),
    hashdeps: [],
    execdeps: [],
    harddeps: [],
    files: [],
    taint: undefined,
    setscene: false,
    nostamp: false,
    noexec: false,
    stamp: pn,
    stampExtra: "",
    hashfn: "",
    taskhash: parseTaskHash(TASKHASH),
    depid: parseDepId(DEPID),
    hashedDepids: [],
    variables: undefined,
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
        effective: true,
        why: null,
      },
      {
        kind: "signature",
        group: "t-x86-64-v3",
        pn: "minilib",
        task: "do_populate_sysroot",
        taskhash: null,
        depid: DEPID,
        effective: true,
        why: null,
      },
      {
        kind: "signature",
        group: "t-x86-64-v3",
        pn: "gone",
        task: "do_compile",
        taskhash: null,
        depid: COMPILE,
        effective: true,
        why: null,
      },
      {
        kind: "depid",
        group: "",
        pn: "minilib",
        task: "do_populate_sysroot",
        taskhash: TASKHASH,
        depid: DEPID,
        effective: true,
        why: null,
      },
    ]);
    expect(locks.machine).toBe("qemux86-64");
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
    const locksOf = (machine: string) => lockedSignaturesOf(parseLockedSigs(LINES, "t", machine), capture).locked;
    expect(locksOf("other").taskhashes.size).toBe(0);
    expect(locksOf("qemux86-64").taskhashes.size).toBe(2);
  });

  const group = (name: string, pn: string, hash = COMPILE) => `SIGGEN_LOCKEDSIGS_${name} = "${pn}:do_compile:${hash}"`;
  it.each<[string, readonly string[], string | undefined, readonly (boolean | null)[]]>([
    [
      "groups that TYPES names",
      [group("t-a", "a"), group("t-b", "b"), 'SIGGEN_LOCKEDSIGS_TYPES = "t-b t-c"'],
      undefined,
      [false, true],
    ],
    ["none, where TYPES is empty", [group("t-a", "a"), 'SIGGEN_LOCKEDSIGS_TYPES = ""'], undefined, [false]],
    ["unknown, where no TYPES is set", [group("t-a", "a")], undefined, [null]],
    [
      "those of the one machine of the file",
      [group("t-a", "a"), group("t-b", "b"), 'SIGGEN_LOCKEDSIGS_TYPES:qemuarm = "t-a"'],
      undefined,
      [true, false],
    ],
    [
      "of several machines none, until one is named",
      [group("t-a", "a"), 'SIGGEN_LOCKEDSIGS_TYPES:m = "t-a"', 'SIGGEN_LOCKEDSIGS_TYPES:n = "t-b"'],
      undefined,
      [null],
    ],
    [
      "those of the machine that is named",
      [group("t-a", "a"), 'SIGGEN_LOCKEDSIGS_TYPES:m = "t-a"', 'SIGGEN_LOCKEDSIGS_TYPES:n = "t-b"'],
      "n",
      [false],
    ],
    [
      "of one task locked twice, the last by the order of TYPES",
      [group("t-a", "a"), group("t-b", "a", DEPID), 'SIGGEN_LOCKEDSIGS_TYPES = "t-b t-a"'],
      undefined,
      [true, false],
    ],
    [
      "none of a recipe that is unlocked",
      [group("t-a", "a"), 'SIGGEN_LOCKEDSIGS_TYPES = "t-a"', 'SIGGEN_UNLOCKED_RECIPES += "a"'],
      undefined,
      [false],
    ],
    [
      "what TYPES is after :append and :remove",
      [
        group("t-a", "a"),
        group("t-b", "b"),
        'SIGGEN_LOCKEDSIGS_TYPES ?= "t-a"',
        'SIGGEN_LOCKEDSIGS_TYPES:append = " t-b"',
        'SIGGEN_LOCKEDSIGS_TYPES:remove = "t-a"',
      ],
      undefined,
      [false, true],
    ],
    [
      "what TYPES is where a later statement sets it again, with overrides in the old style",
      [group("t-a", "a"), 'SIGGEN_LOCKEDSIGS_TYPES_m = "t-b"', 'SIGGEN_LOCKEDSIGS_TYPES_m = "t-a"'],
      undefined,
      [true],
    ],
    [
      "unknown, where TYPES names what is not expanded",
      [group("t-a", "a"), group("t-b", "b"), 'SIGGEN_LOCKEDSIGS_TYPES = "t-a ${MORE}"'],
      undefined,
      [true, null],
    ],
    [
      "those that TYPES has for the MACHINE that the file names",
      [group("t-a", "a"), 'SIGGEN_LOCKEDSIGS_TYPES:m = "t-a"', 'SIGGEN_LOCKEDSIGS_TYPES:n = "t-b"', 'MACHINE ??= "m"'],
      undefined,
      [true],
    ],
    [
      "none, where TYPES is set for other machines than the MACHINE that the file names",
      [group("t-a", "a"), 'SIGGEN_LOCKEDSIGS_TYPES:m = "t-a"', 'MACHINE = "n"'],
      undefined,
      [false],
    ],
    [
      "those of the machine that is named, whatever MACHINE the file names",
      [group("t-a", "a"), 'SIGGEN_LOCKEDSIGS_TYPES:m = "t-a"', 'MACHINE = "n"'],
      "m",
      [true],
    ],
    [
      "those that references lead to, as far as the file tells",
      [group("t-a", "a"), 'MORE = "t-a"', 'MACHINE = "m"', 'SIGGEN_LOCKEDSIGS_TYPES:${MACHINE} = "${MORE} t-b"'],
      undefined,
      [true],
    ],
    [
      "those that are added for the machine alone",
      [
        group("t-a", "a"),
        group("t-b", "b"),
        'SIGGEN_LOCKEDSIGS_TYPES = "t-b"',
        'SIGGEN_LOCKEDSIGS_TYPES:append:m = " t-a"',
      ],
      "m",
      [true, true],
    ],
    [
      "unknown, where TYPES is set for what MACHINEOVERRIDES of the machine may have",
      [group("t-a", "a"), 'SIGGEN_LOCKEDSIGS_TYPES:qemuall = "t-a"'],
      "qemuarm",
      [null],
    ],
  ])("in force are %s", (_, lines, machine, effective) => {
    expect(parseLockedSigs(lines, "t", machine).rows.map((it) => it.effective)).toEqual(effective);
  });

  it("tells groups that TYPES names and the file does not have", () => {
    const { groups } = parseLockedSigs([group("t-a", "a"), 'SIGGEN_LOCKEDSIGS_TYPES = "t-b"'], "t");
    expect(groups).toEqual([
      { name: "t-a", signatures: 1, named: false },
      { name: "t-b", signatures: 0, named: true },
    ]);
  });

  it("may stand in a configuration with other settings, and may include others, which are told", () => {
    const lines = [
      'MACHINE ??= "qemux86-64"',
      "require conf/other-locks.inc",
      "include ${TOPDIR}/conf/more.inc",
      "BBMASK += 'meta-x/recipes-y'",
      'INHERIT += "rm_work"',
      'PACKAGE_CLASSES[doc] = "a flag"',
      "unset FOO",
      "unset SIGGEN_LOCKEDSIGS_t-old",
      group("t-a", "a"),
      group("t-old", "a"),
      "unset SIGGEN_LOCKEDSIGS_t-old",
      'SIGGEN_LOCKEDSIGS_t-a:append = " ${OTHER_LOCKS}"',
      'SIGGEN_LOCKEDSIGS_TYPES = "t-a"',
      'SIGGEN_LOCKEDSIGS_TASKSIG_CHECK = "warn"',
    ];
    const locks = parseLockedSigs(lines, "t");
    expect(locks.rows.map(({ pn, group: its, effective }) => [pn, its, effective])).toEqual([["a", "t-a", true]]);
    expect(locks.otherStatements).toBe(3);
    expect(locks.unknown).toEqual([
      "locks of conf/other-locks.inc, which the file includes: that is not read here",
      "locks of ${TOPDIR}/conf/more.inc, which the file includes: that is not read here",
      "locks of ${OTHER_LOCKS}: that is not expanded",
    ]);
  });

  it("of old releases has hashes of 32 digits: they are read, and no task of today's can have one", () => {
    const old = COMPILE.slice(0, 32);
    const locks = parseLockedSigs(
      [group("t-a", "minitool-native", old), 'SIGGEN_LOCKEDSIGS_TYPES = "t-a"'],
      "locked-sigs.inc",
    );
    expect(locks.rows.map(({ depid, effective }) => [depid, effective])).toEqual([[old, true]]);
    const { locked, unused } = lockedSignaturesOf(locks, capture);
    expect([locked.taskhashes.size, unused.map((it) => it.depid)]).toEqual([0, [old]]);
  });

  it.each([
    ["what is no statement", ["<html>"], /^t:1: expected SIGGEN_LOCKEDSIGS_t-/],
    ["a shell function", ["do_compile() {", "}"], /^t:1: expected SIGGEN_LOCKEDSIGS_t-/],
    ["a lock without quotes", ["SIGGEN_LOCKEDSIGS_t-a = x:do_y:z"], /^t:1: expected SIGGEN_LOCKEDSIGS_t-/],
    [
      "a word with too few parts",
      [...LINES.slice(0, 2), 'minilib:do_x"'],
      't:3: expected PN:TASK:HASH, found "minilib:do_x"',
    ],
    ["a lock in the map", ['SIGGEN_UNIHASHMAP = "a:do_b:c"'], 't:1: expected PN:TASK:TASKHASH:DEPID, found "a:do_b:c"'],
    ["an open end", LINES.slice(0, 3), "t:3: the last line goes on, and there is none (truncated?)"],
  ])("with %s is refused in one line", (_what, lines, message) => {
    expect(() => parseLockedSigs(lines, "t")).toThrow(message);
  });
});
