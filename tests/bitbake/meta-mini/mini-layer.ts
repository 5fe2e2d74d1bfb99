import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A whole layer of a few lines, in which `top` needs `low`; nostamp, noexec, setscene, hard dependencies and file checksums all occur. */
const FILES: Readonly<Record<string, string>> = {
  "conf/layer.conf": `
BBPATH .= ":\${LAYERDIR}"
BBFILES += "\${LAYERDIR}/recipes/*.bb"
BBFILE_COLLECTIONS += "core"
BBFILE_PATTERN_core = "^\${LAYERDIR}/"
LAYERSERIES_CORENAMES = "wrynose"
LAYERSERIES_COMPAT_core = "wrynose"
`,
  "conf/bitbake.conf": `
TMPDIR ?= "\${TOPDIR}/tmp"
CACHE = "\${TMPDIR}/cache"
PERSISTENT_DIR = "\${TOPDIR}/cache"
T = "\${TMPDIR}/work/\${PN}/temp"
B = "\${TMPDIR}/work/\${PN}"
STAMPS_DIR = "\${TMPDIR}/stamps"
STAMP = "\${STAMPS_DIR}/all/\${PN}/\${PV}"
PN = "\${@bb.parse.vars_from_file(d.getVar('FILE', False), d)[0] or 'none'}"
PV = "1.0"
PR = "r0"
PF = "\${PN}-\${PV}"
PROVIDES = "\${PN}"
PACKAGES = "\${PN}"
MACHINE ?= "mini"
BB_HASHFILENAME = "False sstate:\${PN}:all:\${PV}:\${PR}:all:1: sstate:\${PN}::\${PV}:\${PR}::1:"
BB_SIGNATURE_HANDLER ?= "basichash"
BB_BASEHASH_IGNORE_VARS = "TOPDIR TMPDIR T B STAMP FILE BB_CURRENT_MC"
require conf/local.conf
include conf/multiconfig/\${BB_CURRENT_MC}.conf
`,
  "classes/base.bbclass": `
do_compile() {
    : \${GREETING}
    \${COMMAND}
}
do_compile[file-checksums] = "\${FILES_USED}"
do_compile[depends] = "\${NEEDED}"
do_build[noexec] = "1"
do_build() {
    :
}
python do_always() {
    pass
}
do_always[nostamp] = "1"
do_compile[stamp-extra-info] = "\${MACHINE}"
python do_compile_setscene() {
    if d.getVar("PN") == d.getVar("UNRESTORABLE"):
        bb.fatal("its object is gone")
}
addtask do_always
addtask do_compile after do_always
addtask do_compile_setscene
addtask do_build after do_compile
def all_valid(sq_data, d, siginfo=False, currentcount=0, summary=True, **kwargs):
    return set(sq_data["hash"])
NEEDED = ""
FILES_USED = ""
GREETING = "hello"
COMMAND ?= ":"
`,
  "recipes/low.bb": `
FILES_USED = "\${@os.path.dirname(d.getVar('FILE'))}/used.patch:True"
deltask do_always
`,
  "recipes/used.patch": "a patch\n",
  "recipes/top.bb": `
NEEDED = "low:do_compile"
do_always[noexec] = "1"
RESTORE_NEEDS ?= "low:do_compile_setscene"
do_compile_setscene[depends] = "\${RESTORE_NEEDS}"
`,
};

/** Writes the layer. */
export async function writeMiniLayer(folder: string): Promise<void> {
  await writeAll(folder, FILES);
}

/** Writes the configuration of a build that uses these layers; its second configuration is called `arm`. */
export async function writeMiniBuild(
  folder: string,
  layers: readonly string[],
  settings: readonly string[],
): Promise<void> {
  await writeAll(folder, {
    "conf/bblayers.conf": `BBPATH = "\${TOPDIR}"\nBBFILES = ""\nBBLAYERS = "${layers.join(" ")}"\n`,
    "conf/local.conf": ['BBMULTICONFIG = "arm"', ...settings, ""].join("\n"),
    "conf/multiconfig/arm.conf": `MACHINE = "arm"\nTMPDIR = "\${TOPDIR}/tmp-arm"\n`,
  });
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}
