import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { packZstd, sketchSigdata } from "@depid/bitbake/testing";
import { sketchCapture } from "@depid/compare/testing";
import { sha256Hex } from "@depid/hash";
import { writeCapture } from "@depid/task-graph/fs";
import { BUILT, type Built, TestBuild } from "../../apps/simulator/src/testing/test-build.ts";
import { TestRepository } from "../../apps/simulator/src/testing/test-repository.ts";
import { depid, depidWith, type Example } from "./example.ts";

const CASES = "fixtures/cases";

async function put(folder: string, path: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

/** A signature file, whose stated hashes may be others than those of its content. */
async function putSigdata(folder: string, task: string, wrong: object = {}): Promise<void> {
  const sigdata = sketchSigdata({ task });
  const path = `all/one/1.0-r0.${task}.sigdata.${sigdata.taskhash}`;
  await put(folder, path, packZstd(JSON.stringify({ ...sigdata, ...wrong })));
}

export const SIGDATA: readonly Example[] = [
  depid("stamps of a build", "import", "sigdata", `${CASES}/19-reverted-edit/stamps-built-once`),
  depidWith("hashes that do not follow from their files, and a capture", async (folder) => {
    await putSigdata(folder, "do_x", { basehash: sha256Hex("another") });
    await putSigdata(folder, "do_y", { taskhash: sha256Hex("another") });
    return ["import", "sigdata", folder, "-o", join(folder, "capture.jsonl")];
  }),
];

/** A capture with a task whose depid is an equal output's. */
async function putCapture(folder: string, name: string, text: string): Promise<string> {
  const { header, tasks } = sketchCapture({ "a:do_x": { variables: { do_x: text }, depid: "equal" } });
  const file = join(folder, name);
  await writeCapture(file, {
    header: { ...header, unknown: ["what was built before"], assumed: ["what is usual"] },
    tasks,
  });
  return file;
}

export const CAPTURE: readonly Example[] = [
  depidWith("two captures", async (folder) => [
    "import",
    "capture",
    await putCapture(folder, "a", "one"),
    await putCapture(folder, "b", "two"),
    "-o",
    join(folder, "history.jsonl"),
  ]),
];

export const GIT: readonly Example[] = [
  depidWith("commits of which one cannot be captured", async (folder) => {
    const repository = await TestRepository.create(join(folder, "layer"));
    await repository.commit("before", "meta/conf/bitbake.conf", "");
    for (const state of ["one", "none", "two"]) await repository.commit(state, "meta/state", state);
    for (const it of ["one", "two"]) await putCapture(folder, it, it);
    const command = `cp "${folder}/$(cat "$DEPID_TREE/meta/state")" "$DEPID_CAPTURE"`;
    return ["import", "git", repository.folder, "-o", join(folder, "h.jsonl"), "--run-cmd", command];
  }),
];

const DOT = `digraph depends {
"lib.do_a" [label="lib do_a\\n:1-r0\\n/mini/lib.bb"]
"lib.do_a" -> "tool.do_b"
}
`;

/** Of one task; the lines that are not told are left out. */
function stats(status: string, cpu: boolean): string {
  return [
    "Event: TaskStarted ",
    "Started: 1795262654.11 ",
    "one-1-r0: do_x",
    "Elapsed time: 0.16 seconds",
    ...(cpu
      ? ["rusage ru_utime: 0.1", "rusage ru_stime: 0.1", "Child rusage ru_utime: 0.1", "Child rusage ru_stime: 0.1"]
      : []),
    ...(status === "" ? [] : [`Status: ${status} `]),
    "Ended: 1795262654.27 ",
    "",
  ].join("\n");
}

/** A repository as buildhistory makes it, of builds after which these lines were there. */
async function putBuildHistory(folder: string, ...builds: readonly (readonly string[])[]): Promise<string> {
  const repository = await TestRepository.create(join(folder, "buildhistory"));
  for (const [at, lines] of builds.entries()) {
    for (const it of lines) await put(repository.folder, `task/output/${it}.package`, `${it} ${at}\n`);
    const tasks = lines.map((it) => `${it}:do_package /mini/${it}_1.bb ${sha256Hex(`${it} ${at}`)}\n`);
    await repository.commit("Build", "task/tasksigs.txt", tasks.join(""));
  }
  return repository.folder;
}

async function putTestBuild(folder: string): Promise<TestBuild> {
  const build = new TestBuild(join(folder, "build"));
  await mkdir(build.folder);
  await build.make();
  return build;
}

const LOCKS = [
  'SIGGEN_LOCKEDSIGS_t-a = "a:do_b:HASH"',
  'SIGGEN_LOCKEDSIGS_t-c = "c:do_b:HASH"',
  'SIGGEN_UNLOCKED_RECIPES = "free"',
]
  .map((it) => it.replace("HASH", sha256Hex("locked")))
  .join("\n");

async function putLocks(folder: string, ...machines: readonly string[]): Promise<string> {
  const types = machines.map((it) => `SIGGEN_LOCKEDSIGS_TYPES${it} = "t-a"\n`);
  return put(folder, "locked-sigs.inc", `${LOCKS}\n${types.join("")}`);
}

export const TABLES: readonly Example[] = [
  depidWith("a graph", async (folder) => ["import", "dot", await put(folder, "task-depends.dot", DOT)]),
  depidWith("a graph held against a list of recipes", async (folder) => [
    "import",
    "dot",
    await put(folder, "task-depends.dot", DOT),
    "--pn-buildlist",
    await put(folder, "pn-buildlist", "lib\n"),
  ]),
  depidWith("buildstats", async (folder) => {
    await put(folder, "stats/build_stats", "");
    await put(folder, "stats/one-1-r0/do_x", stats("PASSED", true));
    await put(folder, "stats/one-1-r0/do_y", stats("FAILED", false));
    await put(folder, "stats/one-1-r0/do_z", stats("", false));
    return ["import", "buildstats", join(folder, "stats"), "-o", join(folder, "durations.jsonl")];
  }),
  depidWith("the first build of a buildhistory", async (folder) => [
    "import",
    "buildhistory",
    await putBuildHistory(folder, ["a"]),
  ]),
  depidWith("builds of a buildhistory", async (folder) => [
    "import",
    "buildhistory",
    await putBuildHistory(folder, ["a", "b"], ["a"]),
  ]),
  depidWith("no builds of a buildhistory", async (folder) => [
    "import",
    "buildhistory",
    await putBuildHistory(folder, []),
  ]),
  depidWith("outputs of a buildhistory", async (folder) => [
    "import",
    "buildhistory",
    await putBuildHistory(folder, ["a"], ["a"]),
    "--table",
    "outputs",
  ]),
  ...["equivalences", "outhashes"].map((table) =>
    depidWith(`${table} of a server`, async (folder) => [
      "import",
      "hashserv",
      (await putTestBuild(folder)).database,
      "--table",
      table,
    ]),
  ),
  depidWith("an sstate directory", async (folder) => {
    const build = await putTestBuild(folder);
    await build.write("README", "");
    await build.store({ ...(BUILT[0] as Built), depid: "7" });
    return ["import", "sstate", build.sstate];
  }),
  depidWith("stamps", async (folder) => {
    const hash = sha256Hex("one");
    const names = [
      `do_x.${hash}`,
      `do_x_setscene.${hash}`,
      "do_x.taint",
      `do_x.sigdata.${hash}`,
      `do_x.sigbasedata.${hash}`,
    ];
    for (const it of names) await put(folder, `all/one/1.0.${it}`, "");
    return ["import", "stamps", folder];
  }),
  depidWith("no stamps", (folder) => ["import", "stamps", folder]),
  depidWith("locks of one machine", async (folder) => [
    "import",
    "locked-sigs",
    await putLocks(folder, ":m"),
    "--machine",
    "m",
  ]),
  depidWith("locks of some machine", async (folder) => ["import", "locked-sigs", await putLocks(folder, ":m", ":n")]),
  depid("logs", "import", "log", `${CASES}/07-log-apostrophe/j-html.log`),
  depid("a log that names tasks", "import", "log", "fixtures/buildrecords/seqF-01/console.log"),
  depidWith("the beginning of a log", async (folder) => [
    "import",
    "log",
    await put(folder, "log", "NOTE: Executing Tasks\nNOTE: recipe a-1-r0: task do_x: Started\n"),
  ]),
];
