import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isOutHashVector, OutHashVectorError, parseOutHashVector } from "./outhash-vector.ts";
import { checkOutHashVector } from "./outhash-vector-check.ts";

const FOLDER = fileURLToPath(new URL("../../../fixtures/outhash/", import.meta.url));
const read = (file: string) => JSON.parse(readFileSync(`${FOLDER}${file}`, "utf8")) as Record<string, unknown>;
const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
/** The only one that we know and do not do. */
const verdictOf = (file: string): object =>
  file === "n31-filemap.json"
    ? { verdict: "awaits", missing: expect.stringContaining('"(?i" is not supported') }
    : { verdict: "agrees" };
const basic = read("o02-basic.json");

describe("recorded output hash vectors", () => {
  it("there are some", () => expect(files.length).toBeGreaterThan(20));
  it.each(files)("%s agrees", async (file) => {
    expect(isOutHashVector(read(file))).toBe(true);
    expect(await checkOutHashVector(parseOutHashVector(read(file)))).toEqual(verdictOf(file));
  });
});

describe("a vector that does not agree", () => {
  const verdictOf = (change: object) => checkOutHashVector(parseOutHashVector({ ...basic, ...change }));
  const siginfo = String(basic.siginfo);
  const rfc2018 = String(basic.rfc2018_text);
  it.each([
    [
      "a line differs",
      { siginfo: siginfo.replace("-rw-  ", "-r--  ") },
      /^line 5 of the siginfo: expected "-r-- .*\.\/empty", found "-rw- .*\.\/empty"$/,
    ],
    ["a line is missing", { siginfo: `${siginfo}more\n` }, /^line \d+ of the siginfo: expected "more", found ""$/],
    ["a line is too many", { siginfo: siginfo.trimEnd() }, /^line \d+ of the siginfo: expected the end, found ""$/],
    ["the digest differs", { outhash: "0".repeat(64) }, /^digest of the siginfo: expected 0{64}, found 4e58/],
    ["the text of 2018 differs", { rfc2018_text: rfc2018.replace("0x1ff", "0x1fe") }, /^line 13 of the rfc2018_text: /],
    [
      "an exception is not raised",
      { raises: "UnicodeEncodeError" },
      /^raises: expected UnicodeEncodeError, found outhash/,
    ],
    [
      "an exception is raised",
      { tree: [{ path: "\udcff", type: "fifo" }] },
      /^siginfo: expected a text, found UndecodableNameError: /,
    ],
  ])("%s: the first difference is told", async (_what, change, difference) => {
    expect(await verdictOf(change)).toEqual({ verdict: "differs", difference: expect.stringMatching(difference) });
  });
  it.each([
    [{ variables: { SSTATE_PKGSPEC: "p", HASHEQUIV_NEW: "1" } }, "variable HASHEQUIV_NEW in the output hash"],
    [{ raises: "OSError" }, "an error that stands for OSError"],
  ])("%j waits for what we do not know", async (change, missing) => {
    expect(await verdictOf(change)).toEqual({ verdict: "awaits", missing });
  });
});

describe("parseOutHashVector", () => {
  it.each([
    [null, ""],
    [[], ""],
    [{ ...basic, format: 2 }, "format"],
    [{ ...basic, tree: [{ path: "a", type: "door" }] }, "tree[0].type"],
    [{ ...basic, tree: [{ path: "a", type: "dir", mode: "0789" }] }, "tree[0].mode"],
    [{ ...basic, tree: [{ path: "a", type: "dir", colour: "red" }] }, "tree[0]"],
    [{ ...basic, tree: [{ path: "a", type: "char", major: 1 }] }, "tree[0].minor"],
    [{ ...basic, variables: {} }, "variables.SSTATE_PKGSPEC"],
    [{ ...basic, variables: { SSTATE_PKGSPEC: "p", TMPDIR: 1 } }, "variables.TMPDIR"],
    [{ ...basic, siginfo: undefined }, "siginfo"],
    [{ ...basic, outhash: undefined }, "outhash"],
    [{ ...basic, outhash: "4E" }, "outhash"],
  ])("case %#: the error names the field", (json, field) => {
    expect(() => parseOutHashVector(json)).toThrow(OutHashVectorError);
    expect(() => parseOutHashVector(json)).toThrow(
      expect.objectContaining({ place: expect.objectContaining({ field }) }),
    );
    expect(() => parseOutHashVector(json)).toThrow(/^output hash vector: /);
  });
  it.each([[null], [[]], [{ steps: [] }], ["tree"]])("%j is no output hash vector", (json) => {
    expect(isOutHashVector(json)).toBe(false);
  });
});
