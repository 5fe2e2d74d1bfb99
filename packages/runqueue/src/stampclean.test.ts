import { sha256Hex, type Tid } from "@depid/hash";
import { createMemoryStore } from "@depid/sstate";
import { sketchGraph, tidOf } from "@depid/task-graph/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { type BuilderState, createBuilder, listStamps } from "./builder.ts";
import { formatBuilder, parseBuilder } from "./builder-format.ts";
import { compileBuild } from "./plan.ts";
import { type ReleaseRules, rulesOfRelease } from "./release.ts";
import { simulateBuild } from "./simulate.ts";
import { stampFamilyOf } from "./stamp-families.ts";
import type { TaskHashes } from "./task-hashes.ts";

/** `a` at a version, and `b` above it, which stays. */
function graphAt(version: string) {
  const stamp = `x86_64-linux/a/${version}`;
  return sketchGraph({
    "a:do_compile": { stamp },
    "a:do_package": { stamp, deps: ["a:do_compile"], setscene: true },
    "a:do_package_qa": { stamp, deps: ["a:do_package"], setscene: true },
    "b:do_compile": { stamp: "x86_64-linux/b/1.0-r0", deps: ["a:do_package"] },
    "b:do_build": { stamp: "x86_64-linux/b/1.0-r0", deps: ["b:do_compile", "a:do_package_qa"] },
  });
}

let store = createMemoryStore();
beforeEach(() => {
  store = createMemoryStore();
});

async function build(version: string, builder: BuilderState, release?: ReleaseRules) {
  const plan = compileBuild(graphAt(version), { targets: [tidOf("b:do_build")], ...(release ? { release } : {}) });
  const hashesOf = (tid: Tid) => {
    const hash = sha256Hex(`${tid} ${version}`);
    return { taskhash: hash, depid: hash } as unknown as TaskHashes;
  };
  const built = await simulateBuild(plan, builder, { hashesOf, stampHash: "depid", store });
  // As it is when it was saved.
  return { ...built, builder: parseBuilder(formatBuilder(built.builder)) };
}

const namesOf = (builder: BuilderState): string[] =>
  listStamps(builder).map(({ name }) => name.replace(/\.[0-9a-f]{64}$/, "").replace("x86_64-linux/", ""));

describe("stamps of other versions of a recipe (STAMPCLEAN)", () => {
  it("are removed when an sstate task runs, those of that task only", async () => {
    const first = await build("1.0", createBuilder());
    const second = await build("2.0", first.builder);
    expect(namesOf(second.builder)).toEqual([
      "a/1.0.do_compile",
      "a/2.0.do_compile",
      "a/2.0.do_package",
      "a/2.0.do_package_qa",
      "b/1.0-r0.do_build",
      "b/1.0-r0.do_compile",
    ]);
  });

  it("so a version that comes back is restored, and what is in the directory is not taken for it", async () => {
    const first = await build("1.0", createBuilder());
    const second = await build("2.0", first.builder);
    const back = await build("1.0", second.builder);
    expect(back.summary.restored).toEqual([tidOf("a:do_package_qa"), tidOf("a:do_package")]);
    expect(back.summary.executed).toEqual([tidOf("b:do_compile"), tidOf("b:do_build")]);
    expect(namesOf(back.builder).filter((name) => name.includes("package"))).toEqual([
      "a/1.0.do_package_qa_setscene",
      "a/1.0.do_package_setscene",
    ]);
  });

  it("with OE-Core of BitBake 2.6 to 2.15, whose mask asks for a hyphen, they stay, and are taken for current", async () => {
    const release = rulesOfRelease("2.8.0");
    const first = await build("1.0", createBuilder(), release);
    const second = await build("2.0", first.builder, release);
    expect(namesOf(second.builder).filter((name) => name.startsWith("a/1.0"))).toHaveLength(3);
    const back = await build("1.0", second.builder, release);
    expect(back.summary.restored).toEqual([]);
    expect(back.summary.sstate.current).toBe(2);
  });

  it("up to BitBake 2.2, the stamps of every task are", async () => {
    const release = rulesOfRelease("2.2");
    const first = await build("1.0-r0", createBuilder(), release);
    const second = await build("1.0-r1", first.builder, release);
    expect(namesOf(second.builder).filter((name) => name.startsWith("a/"))).toEqual([
      "a/1.0-r1.do_compile",
      "a/1.0-r1.do_package",
      "a/1.0-r1.do_package_qa",
    ]);
    const stale = second.events.filter((event) => event.type === "stale-removed");
    expect(stale.flatMap(({ stamps }) => stamps).filter((name) => name.includes("/a/1.0-r0.do_package"))).toHaveLength(
      2,
    );
  });

  it("whatever versions are built in whatever order, an sstate task is stamped for one of them", async () => {
    const versions = fc.array(fc.constantFrom("1.0", "1.1", "2.0-rc1"), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(versions, async (history) => {
        let builder = createBuilder();
        for (const version of history) {
          builder = (await build(version, builder)).builder;
          const stamped = namesOf(builder).filter((name) => name.includes("do_package"));
          const tasks = stamped.map((name) => name.replace(/^a\/.*\.do_/, "").replace("_setscene", ""));
          expect(new Set(tasks).size).toBe(tasks.length);
          expect(stamped.every((name) => name.startsWith(`a/${version}.`))).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["x86_64-linux/a/1.0", "x86_64-linux/a/"],
    ["work-shared/gcc-16.1.0-r0", "work-shared/gcc-16.1.0-"],
    ["work-shared/linux-yocto/6.12-r0", "work-shared/linux-yocto/"],
    ["a", "a"],
  ])("the mask of %s begins with %s", (stamp, family) => {
    expect(stampFamilyOf(stamp)).toBe(family);
  });
});

describe("the rules of a release", () => {
  it.each([
    ["2.0", "all-tasks", "*-*", "once", "users"],
    ["2.4.0", "sstate-tasks", "*-*", "once", "users"],
    ["2.8", "sstate-tasks", "*-*", "fixed-point", "wanted"],
    ["2.19.0", "sstate-tasks", "*", "fixed-point", "wanted"],
  ])("%s", (version, stampsCleaned, stampCleanMask, runAll, hardDependencies) => {
    expect(rulesOfRelease(version)).toEqual({ stampsCleaned, stampCleanMask, runAll, hardDependencies });
  });
  it("a text that is no version is an error", () => {
    expect(() => rulesOfRelease("scarthgap")).toThrow('expected a version such as 2.8, found "scarthgap"');
  });
});
