import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sketchCapture } from "@depid/compare/testing";
import { sha256Hex } from "@depid/hash";
import { writeCapture } from "@depid/task-graph/fs";
import { depid, depidWith, type Example } from "./example.ts";

const LOCKED = "fixtures/cases/17-locked-inputs";

/** Locks of each kind held against a build, a line for each of the file's variables. */
function checked(what: string, machines: readonly string[], ...flags: readonly string[]): Example {
  return depidWith(what, async (folder) => {
    const capture = sketchCapture({
      "lib:do_compile": { variables: { do_compile: "\tmake\n" } },
      "app:do_compile": { deps: ["lib:do_compile"], setscene: true },
      "doc:do_compile": {},
      "free:do_compile": {},
    });
    const build = join(folder, "build.jsonl");
    await writeCapture(build, capture);
    const hashOf = (pn: string) => capture.tasks.find((it) => it.pn === pn)?.taskhash;
    const other = sha256Hex("another");
    const signatures = [
      `doc:do_compile:${hashOf("doc")}`,
      `lib:do_compile:${other}`,
      `free:do_compile:${other}`,
      `gone:do_compile:${other}`,
    ];
    const lines = [
      "require other.inc",
      `SIGGEN_LOCKEDSIGS_t-a = "${signatures.join(" ")}"`,
      `SIGGEN_LOCKEDSIGS_t-b = "doc:do_compile:${other}"`,
      ...machines.map((it) => `SIGGEN_LOCKEDSIGS_TYPES${it} = "t-a"`),
      'SIGGEN_UNLOCKED_RECIPES = "free"',
      `SIGGEN_UNIHASHMAP = "doc:do_compile:${other}:${other}"`,
    ];
    const locks = join(folder, "locked-sigs.inc");
    await writeFile(locks, [...lines, ""].join("\n"));
    return ["check-locks", locks, build, ...flags];
  });
}

export const LOCKS: readonly Example[] = [
  depid("a build that was made with locks", "check-locks", `${LOCKED}/locked-sigs.inc`, `${LOCKED}/after.jsonl.gz`),
  checked("locks of each kind", [""]),
  checked("the machine that is named", [":m", ":n"], "--machine", "m"),
  checked("a machine that is not known", [":m", ":n"]),
];
