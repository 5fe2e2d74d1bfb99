import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { formatDoctor, isSick } from "@depid/doctor";
import { examineAll, passedThrough, readBuildSettings } from "@depid/doctor/fs";
import { findNetworkFileSystem } from "@depid/hashserv";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const CASES = join(import.meta.dirname, "../../../../fixtures/cases");
const { signal } = new AbortController();

const doctor = (subject: string, hashserv?: string) =>
  examineAll({
    subject,
    hashserv,
    given: new Map(),
    examples: 5,
    siginfos: 1000,
    unusedDays: 30,
    quickCheck: false,
    timeoutMs: 2000,
    signal,
    now: Date.now(),
    progress: { update: async () => {} },
    findNetworkFileSystem,
  });
const settingOf = ({ settings }: Awaited<ReturnType<typeof doctor>>, name: string) =>
  settings.find((setting) => setting.name === name);

describe("cases of depid doctor (fixtures/cases)", () => {
  it("02: a mirror behind a server of this build alone is a warning", async () => {
    const report = await doctor(join(CASES, "02-doctor-mirror-local-server"));
    expect(report.findings.map(({ id }) => id)).toEqual(["mirror-without-map"]);
    expect(isSick(report)).toBe(true);
  });
  it("03: what the configuration requires is read", async () => {
    const report = await doctor(join(CASES, "03-doctor-unread-include"));
    expect(settingOf(report, "SSTATE_DIR")).toMatchObject({ value: "/srv/share/sstate", from: "conf/team.conf:3" });
    expect(settingOf(report, "BB_SIGNATURE_HANDLER")).toMatchObject({ value: "OEBasicHash" });
    expect(formatDoctor(report)).not.toContain("nothing is wrong");
  });
  it("09: a taint that was left is named, with the way out", async () => {
    const report = await doctor(join(CASES, "09-leftover-taint"));
    expect(report.findings).toMatchObject([
      { id: "left-taint", count: 1, examples: [{ recipe: "minilib", version: "1.2", task: "compile" }] },
    ]);
    expect(isSick(report)).toBe(true);
  });
  it("10: defaults are those of the release that the build names", async () => {
    const report = await doctor(join(CASES, "10-doctor-release-defaults/build"));
    expect(settingOf(report, "BB_SIGNATURE_HANDLER")).toMatchObject({
      value: "OEBasicHash",
      from: expect.stringMatching(/core\/meta\/conf\/bitbake.conf:1$/),
    });
    expect(settingOf(report, "BB_HASHSERVE")).toBeUndefined();
    expect(report.subject).not.toHaveProperty("hashserv");
    expect(report.findings).toEqual([]);
  });
  it("20: with OEBasicHash an empty database does not matter", async () => {
    const report = await doctor(join(CASES, "20-basichash-empty-db"));
    expect(report.counts).toMatchObject({ objects: 1 });
    expect(report.findings).toEqual([]);
    expect(formatDoctor(report)).toMatch(/\nnothing is wrong$/);
  });
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-case-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const CORE = {
  "conf/bblayers.conf": `BBPATH = "\${TOPDIR}"\nBBLAYERS = "\${TOPDIR}/core"\n`,
  "core/conf/layer.conf": `BBPATH .= ":\${LAYERDIR}"\nLAYERSERIES_CORENAMES = "dunfell"\n`,
  "core/conf/bitbake.conf": 'include conf/local.conf\nBB_SIGNATURE_HANDLER ?= "OEBasicHash"\n',
};
const HEX = "0123456789abcdef0123456789abcdef";
const OLD_OBJECT = `01/sstate:zlib:core2-64-poky-linux:1.2.11:r0:core2-64:3:${HEX}_populate_sysroot.tgz`;
const MIRROR = '"file://.* http://cache.example.com/PATH"';

const PLAIN = 'BB_SIGNATURE_HANDLER = "OEBasicHash"';
const ZEUS = {
  "core/conf/layer.conf": `BBPATH .= ":\${LAYERDIR}"\nLAYERSERIES_CORENAMES = "zeus"\n`,
};
/** An object of 64 digits that begin with abcd. */
const OBJECT = (folder: string, version: number) =>
  `${folder}sstate:a:x86_64-linux:1.0:r0:x86_64:${version}:${"abcd".repeat(16)}_deploy.${version === 3 ? "tgz" : "tar.zst"}`;

describe("other members of these kinds", () => {
  it.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
    ["a folder of something else", { hosts: "", "ssl/openssl.cnf": "" }, ["no-objects"]],
    ["SSTATE_DIR with nothing of ours", { "conf/local.conf": "", "sstate-cache/notes.txt": "" }, ["no-objects"]],
    ["a folder of objects with 32 digits", { [OLD_OBJECT]: "x" }, ["old-name"]],
    ["a value from the environment", { "conf/local.conf": `SSTATE_DIR = "\${HOME}/x"` }, ["open-question"]],
    ["an expression", { "conf/local.conf": `SSTATE_DIR = "\${@os.environ['X']}"` }, ["open-question"]],
    ["an override of a machine", { "conf/local.conf": 'SSTATE_MIRRORS:qemuall = "x"' }, ["open-question"]],
    ["an append of before 3.4", { "conf/local.conf": 'SSTATE_MIRRORS_append = " x y"' }, ["open-question"]],
    ["a generator that nobody knows", { "conf/local.conf": 'BB_SIGNATURE_HANDLER = "Ours"' }, ["open-question"]],
    [
      "one open question behind two settings",
      { "conf/local.conf": `T = "\${HOME}"\nSSTATE_DIR = "\${T}/x"\nTMPDIR = "\${T}/tmp"` },
      ["open-question"],
    ],
    [
      "a question about what is not asked: the upstream, with OEBasicHash",
      { "conf/local.conf": `BB_SIGNATURE_HANDLER = "OEBasicHash"\nBB_HASHSERVE_DB_DIR = "\${HOME}/x"` },
      [],
    ],
    ["a file that is required and may be in a layer", { "conf/local.conf": "require conf/x.conf" }, ["unread-file"]],
    ["a file that is required and nowhere", { "conf/local.conf": "require /nowhere/x.conf" }, ["missing-file"]],
    ["a layer that is not here", { "conf/bblayers.conf": 'BBLAYERS = "/nowhere/meta"' }, ["unread-file"]],
    ["a class that is not here", { "conf/local.conf": 'INHERIT += "team-sstate"' }, ["unread-file"]],
    [
      "fragments without layers",
      { "conf/auto.conf": 'OE_FRAGMENTS = "core/yocto/sstate-mirror-cdn"' },
      ["unread-file"],
    ],
    [
      "a mirror that an include and an append set",
      {
        "conf/local.conf": "include conf/m.inc",
        "conf/m.inc": `SSTATE_MIRRORS:append = " \\\n  file://.* http://x/PATH"`,
      },
      ["mirror-without-map"],
    ],
    [
      "a mirror that is removed again",
      {
        "conf/local.conf": `SSTATE_MIRRORS = ${MIRROR}\nSSTATE_MIRRORS:remove = "file://.* http://cache.example.com/PATH"`,
      },
      [],
    ],
    [
      "a mirror, of OEBasicHash",
      { "conf/local.conf": `SSTATE_MIRRORS = ${MIRROR}\nBB_SIGNATURE_HANDLER = "OEBasicHash"` },
      [],
    ],
    [
      "appends of before 3.4, in a release of then",
      {
        ...CORE,
        "conf/local.conf": `SSTATE_MIRRORS_append = " file://.* http://x/PATH"\nBB_SIGNATURE_HANDLER_forcevariable = "OEBasicHash"`,
      },
      [],
    ],
    [
      "an upstream, in a release that does not read it",
      {
        ...CORE,
        "conf/local.conf": `BB_SIGNATURE_HANDLER = "OEEquivHash"\nBB_HASHSERVE = "auto"\nBB_HASHSERVE_UPSTREAM = "h.invalid:1"\nSSTATE_HASHEQUIV_METHOD = "oe.sstatesig.OEOuthashBasic"\nSSTATE_MIRRORS = ${MIRROR}`,
      },
      ["mirror-without-map"],
    ],
    [
      "a taint of a multiconfig with a TMPDIR of its own",
      {
        "conf/local.conf": 'BBMULTICONFIG = "b"',
        "conf/multiconfig/b.conf": `TMPDIR = "\${TOPDIR}/tmp-b"`,
        "tmp-b/stamps/x/y/1.0.do_install.taint": "u",
      },
      ["left-taint"],
    ],
    [
      "an empty sstate directory after a build",
      {
        "conf/local.conf": 'BB_SIGNATURE_HANDLER = "OEBasicHash"',
        "sstate-cache/.keep": "",
        [`tmp/stamps/x/zlib/1.2.do_compile.${HEX}${HEX}`]: "",
      },
      ["no-objects"],
    ],
    [
      "an empty sstate directory before the first build",
      { "conf/local.conf": 'BB_SIGNATURE_HANDLER = "OEBasicHash"', "sstate-cache/.keep": "" },
      [],
    ],
    [
      "mirrors that are no pairs",
      { "conf/local.conf": 'SSTATE_MIRRORS = "http://x/PATH"\nBB_SIGNATURE_HANDLER = "OEBasicHash"' },
      ["malformed-mirror"],
    ],
    [
      "layers without OE-Core",
      {
        "conf/bblayers.conf": `BBPATH = "\${TOPDIR}"\nBBLAYERS = "\${TOPDIR}/l"`,
        "l/conf/layer.conf": "",
        "conf/local.conf": "",
      },
      ["missing-file"],
    ],
    [
      "a relative SSTATE_DIR, from the build directory on",
      {
        "conf/local.conf": 'SSTATE_DIR = "own"\nBB_SIGNATURE_HANDLER = "OEBasicHash"',
        "own/notes.txt": "",
      },
      ["no-objects"],
    ],
    [
      "a taint of sources that recipes share",
      { "conf/local.conf": "", "tmp/stamps/work-shared/gcc-13.2-r0.do_patch.taint": "u" },
      ["left-taint"],
    ],
    ["a line that BitBake cannot parse", { "conf/local.conf": `${PLAIN}\nSSTATE_DIR = "/x` }, ["unparsed-line"]],
    [
      "a mirror without PATH",
      { "conf/local.conf": `${PLAIN}\nSSTATE_MIRRORS = "file://.* http://cache.example.com/sstate"` },
      ["mirror-without-path"],
    ],
    [
      "a mirror for what is no object",
      { "conf/local.conf": `${PLAIN}\nSSTATE_MIRRORS = "https?://.*/.* http://cache.example.com/PATH"` },
      ["unused-mirror"],
    ],
    [
      "a mirror whose pattern is no URL",
      { "conf/local.conf": `${PLAIN}\nSSTATE_MIRRORS = ".* http://cache.example.com/PATH"` },
      ["malformed-mirror"],
    ],
    [
      "a mirror that is an empty folder, and one that is none",
      {
        "conf/local.conf": `${PLAIN}\nSSTATE_MIRRORS = "file://.* file://FOLDER/m/PATH file://.* file:///nowhere/PATH"`,
        "m/x": "",
      },
      ["missing-mirror", "empty-mirror"],
    ],
    [
      "a mirror in the network, and none to be asked",
      { "conf/local.conf": `${PLAIN}\nBB_NO_NETWORK = "1"\nSSTATE_MIRRORS = ${MIRROR}` },
      ["mirror-without-network"],
    ],
    [
      "a mirror in the network, which may be asked all the same",
      {
        "conf/local.conf": `${PLAIN}\nBB_NO_NETWORK = "1"\nSSTATE_MIRROR_ALLOW_NETWORK = "1"\nSSTATE_MIRRORS = ${MIRROR}`,
      },
      [],
    ],
    [
      "a multiconfig with mirrors of its own, and a server that is not read",
      {
        "conf/local.conf": 'BBMULTICONFIG = "b"',
        "conf/multiconfig/b.conf": `SSTATE_MIRRORS = ${MIRROR}\nBB_HASHSERVE = "h.example.com:1"`,
      },
      ["multiconfig-not-read", "mirror-without-map"],
    ],
    [
      "a multiconfig whose SSTATE_DIR holds an empty object",
      {
        "conf/local.conf": `${PLAIN}\nBBMULTICONFIG = "b"`,
        "conf/multiconfig/b.conf": `SSTATE_DIR = "\${TOPDIR}/b"`,
        [OBJECT("b/ab/cd/", 14)]: "",
      },
      ["empty-object"],
    ],
    ["an address that is none", { "conf/local.conf": 'BB_HASHSERVE = "localhost"' }, ["malformed-address"]],
    [
      "an upstream whose address BitBake cannot read",
      { "conf/local.conf": 'BB_HASHSERVE_UPSTREAM = "tls://h.example.com:1"' },
      ["malformed-address"],
    ],
    [
      "a build without the class that stores objects",
      {
        ...CORE,
        "core/conf/bitbake.conf": `include conf/local.conf\nINHERIT += "\${INHERIT_DISTRO}"\nINHERIT_DISTRO ?= "sstate"\n`,
        "core/classes-global/sstate.bbclass": 'SSTATE_VERSION = "3"\n',
        "conf/local.conf": `${PLAIN}\nINHERIT:remove = "sstate"\nINHERIT_remove = "sstate"`,
      },
      ["sstate-not-inherited"],
    ],
    [
      "a taint below the TMPDIR of a distribution that is not known here",
      { "conf/local.conf": PLAIN, "tmp-glibc/stamps/x/zlib/1.2.do_install.taint": "u" },
      ["left-taint"],
    ],
    ["siginfo files and no object", { [`${OBJECT("ab/cd/", 14)}.siginfo`]: "x" }, ["no-objects"]],
    ["folders of two digits, in a version that has two levels", { [OBJECT("ab/", 14)]: "x" }, ["misplaced-object"]],
    [
      "folders of two digits, in a release that has two levels",
      { ...CORE, "conf/local.conf": 'SSTATE_VERSION = "3"', [OBJECT("sstate-cache/ab/", 3)]: "x" },
      ["misplaced-object"],
    ],
    [
      "folders of two digits, in a release that has one",
      { ...CORE, ...ZEUS, "conf/local.conf": 'SSTATE_VERSION = "3"', [OBJECT("sstate-cache/ab/", 3)]: "x" },
      [],
    ],
  ])("%s", async (_what, files, expected) => {
    await write(
      Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replaceAll("FOLDER", folder)])),
    );
    const report = await doctor(folder);
    const told = report.findings
      .map(({ id }) => id)
      .filter((id) => !["no-sstate-directory", "object-without-siginfo"].includes(id));
    expect(told).toEqual(expected);
    const open = report.findings.find(({ id }) => id === "open-question");
    if (open !== undefined) expect(open.count).toBe(1);
    if (expected.length > 0) expect(isSick(report)).toBe(true);
  });
  it("mirrors in the network are told as not asked, with what tells more", async () => {
    await write({ "conf/local.conf": `${PLAIN}\nSSTATE_MIRRORS = ${MIRROR}` });
    const { unknown, findings } = await doctor(folder);
    expect(findings.filter(({ severity }) => severity !== "note")).toEqual([]);
    expect(unknown).toContainEqual(expect.stringMatching(/http:\/\/cache.example.com\/PATH.*not asked; bitbake -S/));
  });
  it("objects in folders of two digits, while no release is named, are told as not known", async () => {
    await write({ [OBJECT("ab/", 3)]: "x" });
    expect((await doctor(folder)).unknown).toContainEqual(expect.stringContaining("before 3.1 (dunfell)"));
  });
  it("an SSTATE_DIR that links out of the build directory is shared", async () => {
    await write({ "b/conf/local.conf": "", "shared/x": "" });
    await symlink(join(folder, "shared"), join(folder, "b/sstate-cache"));
    const report = await doctor(join(folder, "b"));
    expect(report.findings.map(({ id }) => id)).toContain("private-map");
  });
  it("what the environment passes through is set before the files are read", async () => {
    const environment = passedThrough({ BB_ENV_PASSTHROUGH_ADDITIONS: "SSTATE_DIR X", SSTATE_DIR: "/env" });
    const read = () => readBuildSettings(folder, new Map(), 5, environment).settings.sstateDir;
    await write({ "conf/local.conf": 'SSTATE_DIR ?= "/file"' });
    expect(read()).toMatchObject({ value: "/env", from: "environment" });
    await write({ "conf/local.conf": 'SSTATE_DIR = "/file"' });
    expect(read()).toMatchObject({ value: "/file" });
  });
  it("a table that today's servers drop, and nothing else in the database", async () => {
    await write({ "conf/local.conf": "", "cache/x": "" });
    const db = new DatabaseSync(join(folder, "cache/hashserv.db"));
    db.exec("PRAGMA journal_mode = WAL; CREATE TABLE tasks_v2 (method, outhash, taskhash, unihash)");
    db.exec("INSERT INTO tasks_v2 VALUES ('m', 'o', 't', 'u')");
    db.close();
    const report = await doctor(folder);
    expect(report.findings.map(({ id }) => id)).toContain("dropped-table");
    expect(isSick(report)).toBe(true);
  });
  it("a database that is given, with OEBasicHash: its tables are told, objects are not held against them", async () => {
    const build = join(CASES, "20-basichash-empty-db");
    const copy = join(folder, "x.db");
    await writeFile(copy, await readFile(join(build, "cache/hashserv.db")));
    const report = await doctor(build, copy);
    expect(report.findings.map(({ id }) => id)).not.toContain("unmapped-object");
    expect(report.counts).toMatchObject({ equivalences: 0 });
  });
});
