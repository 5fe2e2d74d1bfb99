import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBuildConf, writeBuildConf } from "./build-conf.ts";

let folder: string;
let build: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-conf-"));
  build = join(folder, "build");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const read = (conf?: string, more: { machine?: string; variables?: boolean } = {}) =>
  readBuildConf({
    conf,
    repository: join(folder, "src/oe"),
    tree: "/work/tree/oe",
    layer: "/work/meta-depid",
    machine: more.machine,
    variables: more.variables === true,
  });

describe("the configuration of the builds", () => {
  it("is the user's, with the walked tree in place of the checkout, and our layer once", async () => {
    await put({
      "build/conf/bblayers.conf": [
        `BBPATH = "\${TOPDIR}"`,
        `BBLAYERS ?= " \\`,
        `  ${folder}/src/oe/meta \\`,
        `  \${TOPDIR}/../src/oe/meta-skeleton \\`,
        `  \${TOPDIR}/../src/other/meta \\`,
        `  ${folder}/src/oe-more/meta \\`,
        "  /opt/layers/meta-depid \\",
        '  "',
      ].join("\n"),
      "build/conf/local.conf": `A = "file://${folder}/src/oe/x http://example.com/src/oe \${TOPDIR}/downloads"\n`,
      "build/conf/multiconfig/arm.conf": 'MACHINE = "qemuarm"\n',
      "build/conf/templateconf.cfg": "meta/conf\n",
    });
    const files = await read(build, { machine: "qemux86", variables: true });
    expect([...files.keys()].sort()).toEqual(["bblayers.conf", "local.conf", "multiconfig/arm.conf"]);
    expect(files.get("bblayers.conf")).toBe(
      [
        `BBPATH = "\${TOPDIR}"`,
        `BBLAYERS ?= " \\`,
        "  /work/tree/oe/meta \\",
        "  /work/tree/oe/meta-skeleton \\",
        `  ${folder}/src/other/meta \\`,
        `  ${folder}/src/oe-more/meta \\`,
        "   \\",
        '  "',
        "# Added by depid import git.",
        'BBLAYERS += "/work/meta-depid"',
        "",
      ].join("\n"),
    );
    expect(files.get("local.conf")?.split("\n")).toEqual([
      `A = "file:///work/tree/oe/x http://example.com/src/oe \${TOPDIR}/downloads"`,
      "",
      "# Added by depid import git.",
      `TMPDIR = "\${TOPDIR}/tmp"`,
      'DEPID_CAPTURE = "capture.jsonl.gz"',
      'DEPID_CAPTURE_VARIABLES = "1"',
      'MACHINE = "qemux86"',
      "",
    ]);
    expect((await read(join(build, "conf"), { machine: "qemux86", variables: true })).get("bblayers.conf")).toBe(
      files.get("bblayers.conf"),
    );
  });

  it("is OE-Core's own, if none is named and the repository has its layer", async () => {
    await put({ "src/oe/meta/conf/bitbake.conf": "" });
    const files = await read();
    expect(files.get("bblayers.conf")).toContain('BBLAYERS ?= "/work/tree/oe/meta"\n');
    expect(files.get("local.conf")).not.toContain("MACHINE");
  });

  it("replaces what an earlier run left", async () => {
    await put({ "build/conf/old.conf": "", "build/keep": "" });
    await writeBuildConf(build, new Map([["multiconfig/arm.conf", "A"]]));
    expect(await readdir(build, { recursive: true })).toEqual(
      expect.arrayContaining(["conf", "conf/multiconfig", "conf/multiconfig/arm.conf", "keep"]),
    );
    expect(await readdir(join(build, "conf"))).toEqual(["multiconfig"]);
    expect(await readFile(join(build, "conf/multiconfig/arm.conf"), "utf8")).toBe("A");
  });

  it("is refused where there is none, or where the walk would change nothing", async () => {
    await expect(read(join(folder, "no"))).rejects.toThrow(
      /^--conf .*no: expected bblayers\.conf in it, or in its folder/,
    );
    await expect(read()).rejects.toThrow(/src\/oe: expected OE-Core's layer "meta" in it, or --conf/);
    await put({ "build/conf/bblayers.conf": 'BBLAYERS = "/elsewhere/meta"\n' });
    await expect(read(build)).rejects.toThrow(/bblayers\.conf: expected a layer in .*src\/oe, found none$/);
  });
});
