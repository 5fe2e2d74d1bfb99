import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findStampFile, findStampName } from "./index.ts";

const HASH = "9e67be3e05dbbef315146ca32e3d13338f1cf382d873b0218911ba70a6fa8540";
const NATIVE = { arch: "x86_64-linux", pn: "minitool-native", pv: "0.1", task: "do_compile", hash: HASH, extra: "" };
const FOLDER = "x86_64-linux/minitool-native";

describe("the name of a stamp", () => {
  it.each([
    ["of a task that ran", `${FOLDER}/0.1.do_compile.${HASH}`, { ...NATIVE, kind: "real" }],
    ["of a task that was restored", `${FOLDER}/0.1.do_compile_setscene.${HASH}`, { ...NATIVE, kind: "setscene" }],
    [
      "with extra info",
      `${FOLDER}/0.1.do_compile.${HASH}.qemux86-64`,
      { ...NATIVE, kind: "real", extra: "qemux86-64" },
    ],
    ["without a hash", `${FOLDER}/0.1.do_compile`, { ...NATIVE, kind: "real", hash: null }],
    ["of a taint", `${FOLDER}/0.1.do_compile.taint`, { ...NATIVE, kind: "taint", hash: null }],
    ["of signature data", `${FOLDER}/0.1.do_compile.sigdata.${HASH}`, { ...NATIVE, kind: "sigdata" }],
    ["of a basehash", `${FOLDER}/0.1.do_compile.sigbasedata.${HASH}`, { ...NATIVE, kind: "sigbasedata" }],
    ["of a version with an epoch", `a/b/1_2.88.2-r0.do_x.${HASH}`, { pv: "1_2.88.2-r0", task: "do_x" }],
    [
      "in work-shared",
      `work-shared/gcc-16.1.0-r0.do_patch.${HASH}`,
      { arch: "work-shared", pn: null, pv: "gcc-16.1.0-r0" },
    ],
    ["of a task with digits", `a/b/1.do_package4.${HASH}`, { pv: "1", task: "do_package4", hash: HASH }],
  ])("%s is taken apart", (_what, path, fields) => {
    expect(findStampName(path)).toMatchObject(fields);
  });

  it.each(["a/b/README", "a/b/c/1.do_x", `a/b/1.do_x.sigdata.${HASH}.x`, "a/b/1.do_x.sigdata", "a/b/.do_x"])(
    "is not %s",
    (path) => {
      expect(findStampName(path)).toBeUndefined();
    },
  );
});

describe("the name of a file beside stamps", () => {
  /** `<base>.do_x[_setscene][.sigdata|.sigbasedata][.<hash>][.<extra>]`, each as early as it can be. */
  const FORM = /^(.+?)\.(do_[^.]+?)(_setscene)?(?:\.(sigdata|sigbasedata))?(?:\.([0-9a-f]{64}))?(?:\.(.+))?$/s;
  const part = fc.constantFrom(
    ".",
    "do_",
    "x",
    "_setscene",
    "sigdata",
    "sigbasedata",
    HASH,
    "taint",
    "0",
    "\n",
    "do_compile",
  );

  it("is read part by part as its form says", () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const file = parts.join("");
        const [, base, task, setscene, data, hash, rest = ""] = FORM.exec(file) ?? [];
        const isNone = base === undefined || (data !== undefined && (hash === undefined || rest !== "" || setscene));
        const isTaint = hash === undefined && rest === "taint";
        const kind = data ?? (isTaint ? "taint" : setscene ? "setscene" : "real");
        const told = { kind, base, task, hash: hash ?? null, extra: isTaint ? "" : rest };
        expect(findStampFile(file)).toEqual(isNone ? undefined : told);
      }),
      { numRuns: 20_000 },
    );
  });
});
