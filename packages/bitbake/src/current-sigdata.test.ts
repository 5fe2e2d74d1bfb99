import { describe, expect, it } from "vitest";
import { chooseCurrent, type SigdataGist, type StampOfTask } from "./current-sigdata.ts";

const HOUR = 3_600_000;

/** A file of `pnid` named by a hash, with what it hashed. */
function file(pnid: string, hash: string, hours: number, deps: Readonly<Record<string, string>> = {}): SigdataGist {
  return {
    file: `${pnid}.${hash}`,
    pnid,
    time: hours * HOUR,
    hash,
    stated: { taskhash: hash, depid: hash },
    deps: Object.entries(deps).map(([dep, depid]) => ({ pnid: dep, depid })),
    isForeign: false,
  };
}
const stamp = (pnid: string, hash: string, hours: number): StampOfTask => ({ pnid, hash, time: hours * HOUR });
const told = (gists: readonly SigdataGist[], stamps: readonly StampOfTask[]) =>
  Object.fromEntries([...chooseCurrent(gists, stamps)].map(([pnid, { gist, by }]) => [pnid, [gist?.hash, by]]));

/** A build, then one with an edit in lib:do_c. Sstate task lib:do_s is restored when the edit is taken back. */
const FILES = [
  file("lib:do_c", "c1", 1),
  file("lib:do_s", "s1", 1, { "lib:do_c": "c1" }),
  file("app:do_c", "a1", 1, { "lib:do_s": "s1" }),
  file("lib:do_c", "c2", 2),
  file("lib:do_s", "s2", 2, { "lib:do_c": "c2" }),
  file("app:do_c", "a2", 2, { "lib:do_s": "s2" }),
];

describe("the signature file that counts", () => {
  it("is the newest where no stamp tells", () => {
    expect(told(FILES, [])).toEqual({
      "lib:do_c": ["c2", "age"],
      "lib:do_s": ["s2", "age"],
      "app:do_c": ["a2", "age"],
    });
  });

  it("is the one that the newest stamp above tells: restored and covered tasks write none", () => {
    const stamps = [stamp("lib:do_c", "c2", 2), stamp("lib:do_s", "s2", 2), stamp("app:do_c", "a1", 3)];
    expect(told(FILES, stamps)).toEqual({
      "lib:do_c": ["c1", "stamp"],
      "lib:do_s": ["s1", "stamp"],
      "app:do_c": ["a1", "stamp"],
    });
  });

  it("is that of the newest build of each task, where the last build was of a part", () => {
    const stamps = [stamp("app:do_c", "a1", 1), stamp("lib:do_c", "c2", 2), stamp("lib:do_s", "s2", 2)];
    expect(told([...FILES.slice(0, 5)], stamps)).toEqual({
      "lib:do_c": ["c2", "stamp"],
      "lib:do_s": ["s2", "stamp"],
      "app:do_c": ["a1", "stamp"],
    });
  });

  it("is told from above where a checkout has made all times alike", () => {
    const now = [...FILES].map((it) => ({ ...it, time: 0 }));
    const stamps = [stamp("lib:do_c", "c2", 0), stamp("lib:do_s", "s1", 0), stamp("app:do_c", "a1", 0)];
    expect(told(now, stamps)).toMatchObject({ "lib:do_c": ["c1", "stamp"], "lib:do_s": ["s1", "stamp"] });
  });

  it("is none where no file has the hash that a stamp tells", () => {
    const restored = [stamp("lib:do_s", "s9", 3)];
    expect(told(FILES, restored)).toMatchObject({ "lib:do_s": [undefined, "stamp"], "lib:do_c": ["c2", "age"] });
    expect(chooseCurrent(FILES, restored).get("lib:do_s")?.hash).toBe("s9");
  });

  it("is the file whose depid is the hash, where its name is another", () => {
    const equal = { ...file("lib:do_s", "named", 1), stated: { taskhash: "t", depid: "d" } };
    expect(told([equal, file("lib:do_s", "s2", 2)], [stamp("lib:do_s", "d", 3)])).toEqual({
      "lib:do_s": ["named", "stamp"],
    });
  });

  it("is never what a worker with other metadata wrote, unless there is no other", () => {
    const server = file("lib:do_c", "c1", 1);
    const worker = { ...file("lib:do_c", "w", 2), stated: { taskhash: "c1", depid: "c1" }, isForeign: true };
    expect(told([server, worker], [])).toEqual({ "lib:do_c": ["c1", "age"] });
    expect(told([worker], [stamp("lib:do_c", "c1", 3)])).toEqual({ "lib:do_c": ["w", "stamp"] });
    expect(told([worker], [])).toEqual({ "lib:do_c": ["w", "age"] });
  });

  it("is one with a taskhash rather than one without", () => {
    const base = { ...file("lib:do_c", "b", 9), stated: undefined };
    expect(told([base, file("lib:do_c", "c1", 1)], [])).toEqual({ "lib:do_c": ["c1", "age"] });
  });

  it("is told in circles too, as several builds together may have one", () => {
    const circle = [file("a:do_x", "a1", 1, { "b:do_x": "b1" }), file("b:do_x", "b1", 1, { "a:do_x": "a1" })];
    expect(told(circle, [])).toEqual({ "a:do_x": ["a1", "age"], "b:do_x": ["b1", "age"] });
  });
});
