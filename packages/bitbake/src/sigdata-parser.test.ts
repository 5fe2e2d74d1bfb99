import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSigdata } from "./sigdata.ts";
import { contentOf } from "./sigdata-content.ts";
import { SigdataParser } from "./sigdata-parser.ts";
import { sketchSigdata } from "./testing/index.ts";
import { VariablePool } from "./variable-pool.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const wholeOf = (text: string) => contentOf(parseSigdata(text, "f"), new VariablePool());

/** As BitBake writes it: keys in order, no blanks. */
function written(value: unknown): string {
  return JSON.stringify(value, (_key, it) =>
    typeof it === "object" && it !== null && !Array.isArray(it)
      ? Object.fromEntries(Object.entries(it).sort(([a], [b]) => (a < b ? -1 : 1)))
      : it,
  );
}

const usual = sketchSigdata({
  variables: {
    do_x: { value: 'say \\ "$CC"\n' },
    ARCH: { value: null },
    CC: { value: "gcc é", deps: ["ARCH", "CC"] },
    sstate_task_postfunc: { value: "" },
  },
  deps: { "a:do_y": "d".repeat(64) },
  files: [["./x.c", "1".repeat(32)]],
});

describe("a parser of the signature files of a build", () => {
  it("tells of a file what reading it whole tells", () => {
    const text = written(usual);
    const found = new SigdataParser().parseUsual(bytesOf(text));
    expect(found).toEqual(wholeOf(text));
    expect(found).toMatchObject({ basehash: usual.basehash, ownBasehash: usual.basehash, setscene: true });
  });

  it("tells the same whatever files it read before", () => {
    const value = fc.constantFrom("a", "b", 'q"', "é\n", null);
    const deps = fc.subarray(["A", "B", "C", "do_x"]);
    const variable = fc.record({ value, deps });
    const file = fc
      .dictionary(fc.constantFrom("A", "B", "C", "D[f]"), variable)
      .map((variables) => written(sketchSigdata({ variables: { do_x: { value: "x" }, ...variables } })));
    fc.assert(
      fc.property(fc.array(file, { maxLength: 12 }), (files) => {
        const parser = new SigdataParser();
        for (const text of files) expect(parser.parseUsual(bytesOf(text))).toEqual(wholeOf(text));
      }),
    );
  });

  it("has equal variables of several files once", () => {
    const parser = new SigdataParser();
    const [a, b] = ["x", "y"].map((value) =>
      parser.parse(bytesOf(written(sketchSigdata({ variables: { do_x: { value }, CC: { value: "gcc" } } }))), "f"),
    );
    expect(a?.variables[0]).toBe(b?.variables[0]);
    expect(a?.variables[1]).not.toEqual(b?.variables[1]);
  });

  it("finds out that the content gives another basehash", () => {
    const text = written({ ...usual, varvals: { ...usual.varvals, CC: "clang" } });
    expect(new SigdataParser().parse(bytesOf(text), "f")).toEqual(wholeOf(text));
    expect(wholeOf(text).ownBasehash).not.toBe(usual.basehash);
  });

  const text = written(usual);
  const changes: readonly [string, string, string][] = [
    ["blanks", '"task":', '"task": '],
    ["variables in another order", '"ARCH":null,', ""],
    ["a name twice", '"ARCH":null,', '"ARCH":null,"ARCH":"x",'],
    ["a key that is written otherwise", '"gendeps"', '"\\u0067endeps"'],
    ["two keys gendeps", '"gendeps":', '"gendeps":{"A":[]},"gendeps":'],
    ["a number that goes on", '"ARCH":null', '"ARCH":12'],
    ["a variable without a value", '"taskdeps":{"_set_object":["ARCH",', '"taskdeps":{"_set_object":["AAA","ARCH",'],
    ["lists in place of sets", '{"_set_object":["ARCH","CC"]}', '["ARCH","CC"]'],
    ["other ignored variables", '["TMPDIR"]', '["FILE","TMPDIR"]'],
  ];
  it.each(changes)("reads a file with %s as it is read whole", (_what, from, to) => {
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    const parser = new SigdataParser();
    parser.parse(bytesOf(text), "f");
    parser.parse(bytesOf(text.replace('"ARCH":null', '"ARCH":1')), "f");
    expect(parser.parse(bytesOf(changed), "f")).toEqual(wholeOf(changed));
  });

  const damages: readonly [string, string, string][] = [
    ["a comma too few in taskdeps", '"ARCH","CC","sstate', '"ARCH""CC","sstate'],
    ["a comma too many in taskdeps", '"sstate_task_postfunc"]},"taskhash"', '"sstate_task_postfunc",]},"taskhash"'],
    ["a variable that is a list", '"ARCH":null', '"ARCH":[]'],
    ["names that are numbers", '["ARCH","CC"]', "[1]"],
    ["ignored variables that are none", '["TMPDIR"]', "[1]"],
    ["no end", '"sstate_task_postfunc":""}}', '"sstate_task_postfunc":""}'],
    ["something behind the end", '"sstate_task_postfunc":""}}', '"sstate_task_postfunc":""}}}'],
    ["no task", '"task":"do_x"', '"task":""'],
  ];
  it.each(damages)("tells of a file with %s what reading it whole tells", (_what, from, to) => {
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    const parser = new SigdataParser();
    parser.parse(bytesOf(text), "f");
    let message = "";
    try {
      wholeOf(changed);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/^f: /);
    expect(() => parser.parse(bytesOf(changed), "f")).toThrow(message);
  });

  it("says that bytes are no UTF-8", () => {
    const bytes = bytesOf(text);
    bytes[text.indexOf("gcc")] = 0xff;
    expect(() => new SigdataParser().parse(bytes, "f")).toThrow("f: expected UTF-8 text");
  });
});
