import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packZstd, sketchSigdata } from "@depid/bitbake/testing";
import { writeCapture } from "@depid/task-graph/fs";
import { REPOSITORY } from "../../apps/simulator/src/testing/run-depid.ts";
import { buildOf, CHANGES, type Compared, EXPLAINED, KEPT, MANY_WAYS } from "./compared-builds.ts";
import { depid, depidWith, type Example } from "./example.ts";

const CASES = "fixtures/cases";
const MISMATCH = `${CASES}/01-taskhash-mismatch`;
/** What a capture says of locks that does not tell which tasks they lock. */
const LOCKS = "depids of 1 task with locked signatures are those that are listed";

/** Writes two builds. @param assumed what the second says of itself */
async function putBuilds(
  folder: string,
  changes: Readonly<Record<string, Compared>> = CHANGES,
  assumed?: string,
): Promise<readonly [before: string, after: string]> {
  const builds = [join(folder, "before.jsonl"), join(folder, "after.jsonl")] as const;
  await writeCapture(builds[0], buildOf(changes, "before"));
  await writeCapture(builds[1], buildOf(changes, "after", assumed));
  return builds;
}

async function putDurations(folder: string, ...lines: readonly string[]): Promise<string> {
  const file = join(folder, "durations.csv");
  await writeFile(file, [...lines, ""].join("\n"));
  return file;
}

export const DIFF: readonly Example[] = [
  depidWith("each kind of change", async (folder) => ["diff", ...(await putBuilds(folder))]),
  depidWith("some tasks and the time they take", async (folder) => {
    const durations = await putDurations(folder, "recipe,task,elapsed", "code,do_x,1");
    return ["diff", ...(await putBuilds(folder)), "--task", "*o*", "--durations", durations];
  }),
  depidWith("time of the processors", async (folder) => {
    const durations = await putDurations(folder, "recipe,task,elapsed,cpu", "code,do_x,1,2");
    return ["diff", ...(await putBuilds(folder)), "--durations", durations, "--duration-measure", "cpu"];
  }),
  depidWith("locks of which nobody knows where they are", async (folder) => {
    return ["diff", ...(await putBuilds(folder, KEPT, LOCKS))];
  }),
  depid("multiconfigs", "diff", `${CASES}/08-multiconfig-diff/a`, `${CASES}/08-multiconfig-diff/b`),
];

/** A task explained against the build before. */
function explained(
  what: string,
  task: string,
  changes: Readonly<Record<string, Compared>>,
  ...flags: readonly string[]
): Example {
  return depidWith(what, async (folder) => {
    const [before, after] = await putBuilds(folder, changes, changes === KEPT ? LOCKS : undefined);
    return ["explain", after, task, "--against", before, ...flags];
  });
}

export const EXPLAIN: readonly Example[] = [
  depid("a step of a scenario", "explain", "twins", "desktop:do_package"),
  explained("many changes that came to one task", "top:do_x", EXPLAINED, "--all-paths"),
  explained("a change that came through dependencies", "above:do_x", EXPLAINED),
  ...[
    "metadata",
    "file-order",
    "dependency-order",
    "taint-added",
    "taint-removed",
    "unexplained",
    "held",
    "late-above",
  ].map((name) => explained(`a change of ${name}`, `${name}:do_x`, EXPLAINED)),
  explained("a task to which no change came", "stopped:do_x", EXPLAINED),
  explained("a task that was not there", "new:do_x", EXPLAINED),
  explained("more ways than are counted", "a11:do_x", MANY_WAYS, "--all-paths", "3"),
  explained("locks of which nobody knows where they are", "kept:do_x", KEPT),
  explained("a dependency that may be locked", "above:do_x", KEPT),
  depidWith("a signature file of before the taskhash was known", async (folder) => {
    const { taskhash: _, unihash: _u, runtaskhashes: _r, file_checksum_values: _f, ...basic } = sketchSigdata();
    await mkdir(join(folder, "all/one"), { recursive: true });
    const file = join(folder, `all/one/1.0-r0.do_x.sigbasedata.${basic.basehash}`);
    await writeFile(file, packZstd(JSON.stringify(basic)));
    return ["explain", folder, "one:do_x"];
  }),
  depid("signature files, one of them of a worker", "explain", `${MISMATCH}/stamps`, "readf:do_compile"),
];

export const MISMATCHES: readonly Example[] = [
  depid("both files", "explain", `${MISMATCH}/stamps`, "--console", `${MISMATCH}/console/console.log`),
  depidWith("no files, and a line that is cut off", async (folder) => {
    const log = join(folder, "console.log");
    const whole = await readFile(join(REPOSITORY, MISMATCH, "console/console.log"), "utf8");
    await writeFile(log, `${whole}\nERROR: When reparsing a.bb:do_x, the basehash value changed from 12`);
    return ["explain", `${CASES}/19-reverted-edit/stamps-built-once`, "--console", log];
  }),
];
