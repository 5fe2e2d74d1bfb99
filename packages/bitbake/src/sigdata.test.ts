import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BitbakeFileError } from "./file-error.ts";
import { parseSigdata } from "./sigdata.ts";
import { baseHashText, checkSigdata, formatMismatch } from "./sigdata-check.ts";
import { sketchSigdata } from "./testing/index.ts";

const D = "d".repeat(64);
const whole = sketchSigdata({
  variables: { do_x: { value: "$CC x.c" }, CC: { value: "gcc", deps: ["ARCH"] }, ARCH: { value: null } },
  deps: { "a:do_y": D, "mc:arm:b:do_y": "e".repeat(64) },
  files: [
    ["./x.c", "1".repeat(32)],
    ["x.patch", "2".repeat(32)],
    ["gone.c", null],
  ],
  taint: "nostamp:0f9c",
});
const parse = (change: object) => parseSigdata(JSON.stringify({ ...whole, ...change }), "f");

describe("a signature file", () => {
  it("tells what the hashes of its task were made from", () => {
    const sigdata = parse({});
    expect(sigdata.task).toBe("do_x");
    expect(sigdata.taskdeps).toEqual(["ARCH", "CC"]);
    expect(sigdata.gendeps.get("CC")).toEqual(["ARCH"]);
    expect(sigdata.varvals.get("ARCH")).toBeNull();
    expect(sigdata.hashed?.deps).toEqual([
      { pnid: "a:do_y", depid: D },
      { pnid: "mc:arm:b:do_y", depid: "e".repeat(64) },
    ]);
    expect(sigdata.hashed?.files[2]).toEqual(["gone.c", null]);
    expect(sigdata.hashed?.taint).toBe("nostamp:0f9c");
  });
  it("without a taskhash tells its basehash alone (sigbasedata)", () => {
    const { taskhash: _, unihash: _u, runtaskdeps: _d, runtaskhashes: _h, file_checksum_values: _f, ...base } = whole;
    const sigdata = parseSigdata(JSON.stringify(base), "f");
    expect(sigdata.hashed).toBeUndefined();
    expect(checkSigdata(sigdata)).toEqual([]);
  });
  it("may have the old names of what is ignored, and lists in place of sets", () => {
    const { basehash_ignore_vars: _, ...old } = whole;
    const sigdata = parseSigdata(JSON.stringify({ ...old, basewhitelist: ["B", "A"], taskwhitelist: null }), "f");
    expect(sigdata.ignoredVariables).toEqual(["A", "B"]);
  });
  it("has numbers and truth values for flags, which are hashed as Python writes them", () => {
    const { varvals } = parse({ varvals: { do_x: "", "CC[export]": 1, "say[func]": true, no: false } });
    expect([...varvals]).toEqual([
      ["do_x", ""],
      ["CC[export]", "1"],
      ["say[func]", "True"],
      ["no", "False"],
    ]);
  });
  it("orders variables by code point, whatever their order in the file", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(["b", "A", "～", "😀", "é"], { minLength: 5 }), (names) => {
        expect(parse({ taskdeps: { _set_object: names } }).taskdeps).toEqual(["A", "b", "é", "～", "😀"]);
      }),
    );
  });
  it("may name a variable __proto__ without harm", () => {
    const text = JSON.stringify(whole).replace('"varvals":{', '"varvals":{"__proto__":"x",');
    expect(parseSigdata(text, "f").varvals.get("__proto__")).toBe("x");
    expect(() => parseSigdata('{"__proto__":{"task":"do_x"}}', "f")).toThrow("f: task: expected text, found nothing");
  });
});

describe("a file that is no signature file gives one line that names file and key", () => {
  it.each<[string, object, string]>([
    ["no task", { task: undefined }, "f: task: expected text, found nothing"],
    ["a task of another type", { task: 7 }, "f: task: expected text, found 7"],
    [
      "a basehash that is none",
      { basehash: "abc" },
      'f: basehash: expected 64 lowercase hexadecimal digits, found "abc"',
    ],
    ["a set that is none", { taskdeps: { _set: [] } }, "f: taskdeps: expected a list, found an object"],
    ["a set of numbers", { taskdeps: [1] }, "f: taskdeps: expected texts, found 1"],
    ["gendeps that are a list", { gendeps: [] }, "f: gendeps: expected an object, found a list"],
    [
      "a value that is a list",
      { varvals: { A: [] } },
      "f: varvals: expected texts, whole numbers, truth values or null",
    ],
    [
      "a value with a fraction",
      { varvals: { A: 0.5 } },
      "f: varvals: expected texts, whole numbers, truth values or null",
    ],
    [
      "a dependency without a hash",
      { runtaskhashes: {} },
      'f: runtaskhashes: expected a hash for "a:do_y", found nothing',
    ],
    ["a dependency that is none", { runtaskdeps: ["../x"] }, "f: runtaskdeps: expected [mc:NAME:]PN:TASK"],
    ["a depid that is none", { unihash: null }, "f: unihash: expected 64 lowercase hexadecimal digits, found null"],
    ["files without checksums", { file_checksum_values: [["a"]] }, "f: file_checksum_values: expected pairs"],
  ])("%s", (_what, change, message) => {
    expect(() => parse(change)).toThrow(BitbakeFileError);
    expect(() => parse(change)).toThrow(message);
  });
  it.each([
    ["no JSON", "task: do_x"],
    ["a list", "[]"],
    ["100,000 lists in each other", "[".repeat(100_000) + "]".repeat(100_000)],
    ["nothing", ""],
  ])("%s", (_what, text) => {
    expect(() => parseSigdata(text, "f")).toThrow(/^f: expected [^\n]+$/);
  });
  it("whatever JSON it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(whole)), (value, key) => {
        try {
          parse({ [key]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(BitbakeFileError);
        }
      }),
    );
  });
});

describe("exactness", () => {
  it("a basehash is that of the task's text, then names and texts of its variables", () => {
    expect(baseHashText(parse({}))).toBe("$CC x.cARCHCCgcc");
  });
  it("both hashes follow from what the file holds", () => {
    expect(checkSigdata(parse({}))).toEqual([]);
  });
  it("a variable that was changed is a mismatch of the basehash, as stated and as computed", () => {
    const [mismatch, ...others] = checkSigdata(parse({ varvals: { ...whole.varvals, CC: "clang" } }));
    expect(others).toEqual([]);
    expect(mismatch).toMatchObject({ hash: "basehash", stated: whole.basehash });
    expect(mismatch && formatMismatch({ file: "f", task: "a:do_x", ...mismatch })).toMatch(
      /^a:do_x: basehash is [0-9a-f]{64}, but the content of the file gives [0-9a-f]{64}: a worker that parsed other metadata than the server writes such a file, or it was changed later \(f\)$/,
    );
  });
  it.each<[string, object]>([
    ["a depid", { runtaskhashes: { ...whole.runtaskhashes, "a:do_y": "f".repeat(64) } }],
    ["the order of dependencies", { runtaskdeps: [...whole.runtaskdeps].reverse() }],
    ["a checksum", { file_checksum_values: [["./x.c", "3".repeat(32)]] }],
    ["the taint", { taint: "other" }],
    ["the taskhash itself", { taskhash: D }],
  ])("%s that was changed is a mismatch of the taskhash", (_what, change) => {
    expect(checkSigdata(parse(change)).map(({ hash }) => hash)).toEqual(["taskhash"]);
  });
});
