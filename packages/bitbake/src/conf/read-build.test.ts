import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ConfFiles, readBuildConf } from "../index.ts";

/** Files by path; folders are those that hold some. */
const filesOf = (texts: Readonly<Record<string, string>>): ConfFiles => ({
  read: (path) => {
    const text = texts[path.replaceAll(/\/[^/]+\/\.\./g, "")];
    return text === undefined ? { problem: "missing" } : { text };
  },
  machine: "x86_64",
  list: (folder) =>
    Object.keys(texts).flatMap((file) => {
      const name = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : "/";
      return name.includes("/") ? [] : [name];
    }),
  isFolder: (path) => Object.keys(texts).some((file) => file.startsWith(`${path}/`)),
});
const read = (texts: Readonly<Record<string, string>>, given: Readonly<Record<string, string>> = {}) =>
  readBuildConf(
    "/build",
    filesOf(
      Object.fromEntries(
        Object.entries(texts).map(([path, text]) => [path.startsWith("/") ? path : `/build/${path}`, text]),
      ),
    ),
    { given: new Map(Object.entries(given)) },
  );
const local = (text: string) => read({ "conf/local.conf": text });

/** A build with a core layer whose overrides are known. */
const withCore = (text: string, names = "scarthgap", core = "") =>
  read({
    "conf/bblayers.conf": `BBPATH = "\${TOPDIR}"\nBBLAYERS = "/core"\n`,
    "/core/conf/layer.conf": `BBPATH .= ":\${LAYERDIR}"\nLAYERSERIES_CORENAMES = "${names}"\n`,
    "/core/conf/bitbake.conf": `OVERRIDES = "low:high:forcevariable"\n${core}\ninclude conf/local.conf\nSSTATE_DIR ?= "/default"\n`,
    "conf/local.conf": text,
  });

describe("settings of configuration files", () => {
  it.each([
    ["a plain assignment", 'A = "1"', "1"],
    ["single quotes", "A = '1'", "1"],
    ["the last assignment counts", 'A = "1"\nA = "2"', "2"],
    ["?= leaves what is set", 'A = "1"\nA ?= "2"', "1"],
    ["?= sets what is not", 'A ?= "2"', "2"],
    ["of two ?= the first counts", 'A ?= "1"\nA ?= "2"', "1"],
    ["??= gives way to all others, wherever they stand", 'A ??= "1"\nA ?= "2"', "2"],
    ["of two ??= the last counts", 'A ??= "1"\nA ??= "2"', "2"],
    ["+= forgets what ??= said", 'A ??= "1"\nA += "2"', " 2"],
    ["+= and =+ put a blank between", 'A = "b"\nA += "c"\nA =+ "a"', "a b c"],
    [".= and =. do not", 'A = "b"\nA .= "c"\nA =. "a"', "abc"],
    [":= follows references at once", `B = "1"\nA := "\${B}"\nB = "2"`, "1"],
    ["lines go on after a backslash", 'A = "1 \\\n2"', "1 2"],
    ["also where blanks follow the backslash", 'A = "1 \\  \n2"', "1 2"],
    ["the next line keeps its indentation", 'A = "1\\\n  2"', "1  2"],
    ["comments are none", '# A = "1"\nA = "2"', "2"],
    ["a comment goes on after a backslash", '# B = "1" \\\nA = "2"', ""],
    ["export changes nothing", 'export A = "1"', "1"],
    ["unset forgets", 'A = "1"\nunset A', ""],
    ["a quote inside", `A = "a 'b' c"`, "a 'b' c"],
    ["references are followed", `B = "\${TMPDIR}/x"\nA = "\${B}/y"`, "/build/tmp/x/y"],
    ["a variable of a longer name is another", 'AA = "1"', ""],
    ["an empty value is a value", 'A = "1"\nA = ""', ""],
    ["CRLF ends a line too", 'A = "1"\r\nB = "2"\r\n', "1"],
    ["a flag is no value", 'A = "1"\nA[doc] = "2"', "1"],
    ["append, after all else", 'A:append = "2"\nA = "1"', "12"],
    ["prepend, after all else", 'A:prepend = "0"\nA = "1"', "01"],
    ["append to nothing", 'A:append = " 2"', " 2"],
    ["append to a weak default", 'A:append = "2"\nA ??= "1"', "12"],
    ["remove takes words", 'A = "1 2 3"\nA:remove = "2 3"', "1  "],
    ["a choice by a list", `L = "x y"\nA = "\${@bb.utils.contains('L', 'x', 'yes', 'no', d)}"`, "yes"],
    ["a choice by a value", `L = "x"\nA = "\${@'yes' if d.getVar('L') == 'x' else 'no'}"`, "yes"],
    ["one of a list", `A = "\${@['no', 'yes'][(d.getVar('L') or '') != '']}"\nL = "x"`, "yes"],
    ["a path", `A = "\${@os.path.dirname('/a/b/c')}"`, "/a/b"],
    ["forcevariable", 'A = "1"\nA:forcevariable = "2"', "2"],
    ["the machine is an override", 'MACHINE = "qemux86-64"\nA = "1"\nA:qemux86-64 = "2"', "2"],
    ["a recipe is none of the whole build", 'A = "1"\nA:pn-zlib = "2"', "1"],
  ])("%s", (_what, text, expected) => {
    const { value, doubts } = local(text).get("A");
    expect(value).toBe(expected);
    expect(doubts).toEqual([]);
  });
  it("a value that hangs on something else is not known, and says on what", () => {
    expect(local(`A = "\${HOME}/x"`).get("A")).toMatchObject({
      value: undefined,
      from: "conf/local.conf:1",
      doubts: [
        `A = "\${HOME}/x" (conf/local.conf:1): \${HOME} is not set in the files that were read; see bitbake-getvar --value A`,
      ],
    });
    expect(local(`A = "\${@os.getenv('X')}"`).get("A").doubts).toEqual([expect.stringContaining("was not evaluated")]);
    expect(local(`A = "\${A}"`).get("A").value).toBeUndefined();
    expect(local(`A = "\${B}"\nB = "\${HOME}"`).get("A").doubts).toEqual([expect.stringMatching(/^B = "\$\{HOME\}"/)]);
  });
  it("an override that may count is an open question", () => {
    for (const text of ['A = "1"\nA:qemuall = "2"', 'A = "1"\nA:append:qemuall = " 2"']) {
      const { value, doubts } = local(text).get("A");
      expect(value).toBe("1");
      expect(doubts).toEqual([expect.stringMatching(/^conf\/local.conf:2: .*qemuall is among OVERRIDES/)]);
    }
  });
  it("an append of before 3.4 is one, if nothing names the release", () => {
    expect(local('A = "1"\nA_append = " 2"').get("A").doubts).toEqual([expect.stringContaining("A_append")]);
    expect(local('A = "1"\nA_DIR = "2"').get("A").doubts).toEqual([]);
  });
  it("where a value comes from is the file and line, or the default", () => {
    expect(local('\nA = "1"').get("A").from).toBe("conf/local.conf:2");
    expect(local("").get("TMPDIR")).toMatchObject({ value: "/build/tmp", from: "default", doubts: [] });
  });
  it("what somebody knows better counts for all that refers to it", () => {
    expect(read({ "conf/local.conf": `A = "\${B}/x"\nB = "\${HOME}"` }, { B: "/b" }).get("A").value).toBe("/b/x");
  });
});

describe("overrides, if OVERRIDES is known", () => {
  it.each([
    ["the strongest counts", 'A:high = "h"\nA:low = "l"\nA = "1"', "h"],
    ["wherever it stands", 'A = "1"\nA:low = "l"', "l"],
    ["what is no override is none", 'A = "1"\nA:other = "2"', "1"],
    ["both of two", 'A = "1"\nA:low:high = "2"', "2"],
    ["one of two is not both", 'A = "1"\nA:low:other = "2"', "1"],
    ["append for one", 'A = "1"\nA:append:low = "2"\nA:append:other = "3"', "12"],
    ["append to an override", 'A = "1"\nA:low = "2"\nA:low:append = "3"\nA:append = "4"', "234"],
    ["+= of an override is not an append", 'A = "1"\nA:low += "2"', " 2"],
    ["remove for one", 'A = "1 2"\nA:remove:high = "2"', "1 "],
  ])("%s", (_what, text, expected) => {
    const { value, doubts } = withCore(text).get("A");
    expect([value, doubts]).toEqual([expected, []]);
  });
});

describe("the release that the layers name", () => {
  it("gives the defaults", () => {
    expect(withCore("").get("SSTATE_DIR")).toMatchObject({ value: "/default", from: "/core/conf/bitbake.conf:4" });
    expect(withCore("").get("BB_HASHSERVE").value).toBe("");
    expect(withCore('SSTATE_DIR = "/x"').get("SSTATE_DIR")).toMatchObject({ value: "/x", from: "conf/local.conf:1" });
  });
  it("says how overrides are written", () => {
    const text = 'A = "1"\nA_append = "2"\nA_append_low = "3"\nA_high = "0"\nB = "1"\nB:append = "2"';
    const old = withCore(text, "dunfell");
    expect([old.get("A").value, old.get("B").value]).toEqual(["023", "12"]);
    const now = withCore(text);
    expect(now.get("A").value).toBe("1");
    expect(now.get("A").withoutEffect).toHaveLength(2);
  });
  it("says what the configuration of no multiconfig is called", () => {
    expect(
      ["scarthgap", "walnascar", "wrynose blacksail"].map((it) => withCore("", it).get("BB_CURRENT_MC").value),
    ).toEqual(["default", "", ""]);
  });
  it("has the class base, which is inherited without being named", () => {
    const conf = read({
      "conf/bblayers.conf": 'BBPATH = "/build"\nBBLAYERS = "/core"\n',
      "/core/conf/layer.conf": `BBPATH .= ":\${LAYERDIR}"\n`,
      "/core/conf/bitbake.conf": "include conf/local.conf\n",
      "/core/classes-global/base.bbclass": 'A ?= "base"\n',
      "conf/local.conf": "",
    });
    expect(conf.get("A").value).toBe("base");
  });
  it("may have classes that set something", () => {
    const conf = read({
      "conf/bblayers.conf": 'BBPATH = "/build"\nBBLAYERS = "/core /team/"\n',
      "/core/conf/layer.conf": `BBPATH .= ":\${LAYERDIR}"\nLAYERSERIES_CORENAMES = "wrynose"\n`,
      "/core/conf/bitbake.conf": 'include conf/local.conf\nINHERIT += "sstate"\n',
      "/core/classes-global/sstate.bbclass":
        'python x () {\nA = "no"\n}\ndef y(d):\n    A = "no"\n\nSSTATE_VERSION = "14"\n',
      "/team/conf/layer.conf": `BBPATH =. "\${LAYERDIR}:"\n`,
      "/team/classes/team.bbclass": 'A = "yes"\n',
      "conf/local.conf": 'INHERIT += "team"\n',
    });
    expect([conf.get("A").value, conf.get("SSTATE_VERSION").value, conf.unread]).toEqual(["yes", "14", []]);
  });
});

describe("lines that BitBake ends with an error for (bitbake-getvar: ParseError)", () => {
  it.each([
    ["a quote that is not closed", 'A = "1', 'expected " at the end of the value'],
    ["a value without quotes", "A = 1", "expected a value in quotes"],
    ["a value in typographic quotes", "A = “1”", "expected a value in quotes"],
    ["a quote inside", 'A = "1" 2"', 'a value in " with " in it'],
    ["a comment behind the value", 'A = "1" # one', 'expected " at the end of the value'],
    ["blanks before it", '  A = "1"', "expected a statement at the beginning of the line, found blanks"],
    ["a value without a name", '= "1"', "an assignment without a name"],
    ["a class, inherited by a statement", "inherit rm_work", "inherit is for recipes and classes"],
    ["what layers alone may have", "addpylib x y", "expected NAME ="],
    ["words", "see the manual", "expected NAME ="],
    ["a function", "f() {\n:\n}", "expected NAME ="],
    ["a comment joined with a setting", '# B \\\nA = "1"', "a comment that a backslash joins with what is none"],
    ["a backslash that joins with nothing", 'A = "1" \\\n\nB = "2"', 'expected " at the end of the value'],
  ])("%s", (_what, text, problem) => {
    const { unparsed } = local(`\n${text}\n`);
    expect(unparsed[0]).toMatchObject({
      from: expect.stringMatching(/^conf\/local.conf:[23]$/),
      problem: expect.stringContaining(problem),
    });
  });
  it.each([
    ["what sets nothing", 'export A\nunset A[doc]\nA[doc] = "x"\n  \n#\n'],
    ["comments that backslashes join", "# a \\\n# b"],
    ["no blanks around the sign", 'A="1"'],
    ["two quotes inside", 'A = "1 "2" 3"'],
    ["both quotes", `A = "'1'"`],
  ])("%s is none", (_what, text) => {
    expect(local(text).unparsed).toEqual([]);
  });
  it("a file that is named otherwise than .conf and .inc is not read", () => {
    const conf = read({ "conf/local.conf": "require conf/team.txt", "conf/team.txt": 'A = "1"' });
    expect(conf.unparsed).toMatchObject([{ from: "conf/local.conf:1", text: "conf/team.txt" }]);
    expect(conf.get("A").value).toBe("");
  });
  it("what is named .inc may have what recipes have", () => {
    const inc = 'inherit x\npython f() {\n  x = 1\n}\ndef g(d):\n  return 1\n# a\n  x\naddtask f\nA = "1"';
    const conf = read({ "conf/local.conf": "require conf/team.inc", "conf/team.inc": inc });
    expect([conf.get("A").value, conf.unparsed]).toEqual(["1", []]);
  });
});

describe("included files", () => {
  it("beside the configuration are read where they are named", () => {
    const conf = read({
      "conf/local.conf": `A = "1"\nrequire conf/team.conf\nB = "\${A}"\ninclude other.inc\n`,
      "conf/team.conf": 'A = "2"\n',
      "conf/other.inc": 'C = "3"\n',
    });
    expect(["A", "B", "C"].map((name) => conf.get(name).value)).toEqual(["2", "2", "3"]);
    expect(conf.get("A").from).toBe("conf/team.conf:1");
    expect(conf.unread).toEqual([]);
  });
  it.each([
    ["require", "conf/none.conf", "unread"],
    ["include", "conf/none.conf", "optional"],
    ["require", "/none.conf", "missing"],
    ["include", `\${SITE}/none.conf`, "unread"],
  ])("%s %s, which is not there: %s", (verb, file, kind) => {
    expect(local(`${verb} ${file}`).unread).toEqual([
      { file, from: "conf/local.conf:1", kind, problem: expect.any(String) },
    ]);
  });
  it("are missing if all layers were looked at", () => {
    expect(withCore("require conf/none.conf").unread).toMatchObject([{ file: "conf/none.conf", kind: "missing" }]);
    expect(withCore("include conf/none.conf").unread).toEqual([]);
  });
  it("whose names hang on what nothing sets are passed over, if all layers were looked at", () => {
    expect(withCore(`include conf/machine-sdk/\${SDKMACHINE}.conf`).unread).toEqual([]);
    expect(withCore(`include \${@os.getenv('X')}.conf`).unread).toMatchObject([{ kind: "unread" }]);
  });
  it("a layer that is not here is not read", () => {
    const conf = read({ "conf/bblayers.conf": 'BBLAYERS = "/gone"\n', "conf/local.conf": "" });
    expect(conf.unread).toMatchObject([{ file: "/gone", from: "conf/bblayers.conf:1", kind: "unread" }]);
  });
  it("that include each other come to an end", () => {
    expect(read({ "conf/local.conf": "require conf/a.inc", "conf/a.inc": "require conf/local.conf" }).unread).toEqual(
      [],
    );
  });
});

describe("random lines, recorded from BitBake (fixtures/conf)", () => {
  interface Vector extends Readonly<Record<"A" | "B" | "C", string>> {
    readonly conf: string;
  }
  const vectors = JSON.parse(
    readFileSync(new URL("../../../../fixtures/conf/vectors.json", import.meta.url), "utf8"),
  ) as readonly Vector[];
  const told = vectors.flatMap((vector) =>
    (["A", "B", "C"] as const).map((name) => ({ vector, name, value: withCore(vector.conf).get(name).value })),
  );
  it("each value that we give is BitBake's", () => {
    const given = told.filter(({ value }) => value !== undefined);
    expect(given.map(({ value }) => value)).toEqual(given.map(({ vector, name }) => vector[name]));
    expect(given.length).toBeGreaterThan(700);
  });
  it("where we give none, something refers to what is not set", () => {
    for (const { vector, value } of told) if (value === undefined) expect(vector.conf).toMatch(/\$\{/);
  });
});

describe("files beside the configuration that nothing includes", () => {
  const besides = (texts: Readonly<Record<string, string>>) =>
    read(texts).unread.map(({ file, kind }) => `${kind} ${file}`);
  it("are told: what starts BitBake may name them", () => {
    expect(besides({ "conf/local.conf": "", "conf/ci.conf": 'SSTATE_DIR = "/x"' })).toEqual(["aside conf/ci.conf"]);
  });
  it("such as Toaster's, which BitBake reads before all others", () => {
    expect(besides({ "conf/local.conf": "", "conf/toaster.conf": 'SSTATE_DIR = "/x"' })).toEqual([
      "unread conf/toaster.conf",
    ]);
  });
  it("are not those that are read, are no .conf, or are other programs' own", () => {
    const others = { "conf/devtool.conf": "", "conf/templateconf.cfg": "x", "conf/multiconfig/a.conf": "" };
    expect(besides({ "conf/local.conf": "require conf/ci.conf", "conf/ci.conf": "", ...others })).toEqual([]);
  });
});
