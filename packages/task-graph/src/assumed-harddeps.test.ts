import { fileURLToPath } from "node:url";
import { parseTid, type Tid } from "@depid/hash";
import { describe, expect, it } from "vitest";
import { assumeHardDependencies } from "./assumed-harddeps.ts";
import { readHistory } from "./fs/index.ts";
import type { Task } from "./task.ts";
import { sketchTask, tidOf } from "./testing/index.ts";

/** All tasks of step 0 of a history in the repository. */
async function tasksOf(path: string): Promise<readonly Task[]> {
  const { steps } = await readHistory(fileURLToPath(new URL(`../../../${path}`, import.meta.url)));
  return steps[0]?.change.upsert ?? [];
}

describe.each([
  ["core-image-minimal", 98, await tasksOf("examples/oe-core/core-image-minimal.history.jsonl.gz")],
  ["all that OE-Core can build", 830, await tasksOf("fixtures/histories/world.history.jsonl.gz")],
])("hard dependencies that are assumed for %s", (_what, count, tasks) => {
  it("are those that BitBake had, of every task", () => {
    const assumed = assumeHardDependencies(tasks);
    const recorded = new Map(tasks.filter(({ harddeps }) => harddeps.length > 0).map((it) => [it.tid, it.harddeps]));
    expect(assumed).toEqual(recorded);
    expect(recorded.size).toBe(count);
  });

  it("lack those on base-passwd and shadow-sysroot where only what is hashed is known", () => {
    const names = new Map(tasks.map(({ tid, pn }) => [tid, pn]));
    const assumed = assumeHardDependencies(tasks.map((task) => ({ ...task, execdeps: task.hashdeps })));
    for (const { tid, harddeps } of tasks) {
      const seen = harddeps.filter((it) => !["base-passwd", "shadow-sysroot"].includes(names.get(it) ?? ""));
      expect(assumed.get(tid) ?? [], tid).toEqual(seen);
    }
  });
});

describe("hard dependencies that are assumed", () => {
  const sysroot = (pn: string) => sketchTask(`${pn}:do_populate_sysroot`);
  const sysroots = "base-passwd shadow-sysroot shadow-native pseudo-native zlib-native".split(" ").map(sysroot);
  const prepare = (pn: string, ...needed: string[]) =>
    sketchTask(`${pn}:do_prepare_recipe_sysroot`, { deps: needed.map((it) => `${it}:do_populate_sysroot`) });
  const restorable = (name: string) => sketchTask(name, { setscene: true });
  const found = (...tasks: Task[]) => assumeHardDependencies([...tasks, ...sysroots]);

  it("are none of tasks that cannot be restored, and none on what the recipe does not need itself", () => {
    const own = prepare("a", "pseudo-native", "zlib-native");
    expect(found(own, sketchTask("a:do_package")).size).toBe(0);
    expect(found(own, restorable("a:do_package"))).toEqual(
      new Map([[tidOf("a:do_package"), [tidOf("pseudo-native:do_populate_sysroot")]]]),
    );
    expect(found(prepare("a", "zlib-native"), restorable("a:do_package")).size).toBe(0);
  });

  it("of a multilib's recipes are on those of the multilib", () => {
    const base = sysroot("lib32-base-passwd");
    const own = prepare("lib32-sysvinit", "pseudo-native");
    const withBase = { ...own, execdeps: [...own.execdeps, base.tid] };
    expect(found(withBase, base, restorable("lib32-sysvinit:do_package"))).toEqual(
      new Map([[tidOf("lib32-sysvinit:do_package"), [base.tid, tidOf("pseudo-native:do_populate_sysroot")].sort()]]),
    );
  });

  it("stay within their configuration", () => {
    const inArm = (task: Task): Task => {
      const arm = (tid: Tid) => parseTid(`mc:arm:${tid}`);
      return { ...task, tid: arm(task.tid), hashdeps: task.hashdeps.map(arm), execdeps: task.execdeps.map(arm) };
    };
    const plain = [prepare("a", "pseudo-native"), restorable("a:do_package"), ...sysroots];
    expect(assumeHardDependencies([...plain, ...plain.map(inArm)])).toEqual(
      new Map([
        [tidOf("a:do_package"), [tidOf("pseudo-native:do_populate_sysroot")]],
        [
          parseTid(`mc:arm:${tidOf("a:do_package")}`),
          [parseTid(`mc:arm:${tidOf("pseudo-native:do_populate_sysroot")}`)],
        ],
      ]),
    );
  });

  it("are named by whoever knows more names than these tasks have", () => {
    const own = { ...prepare("a"), execdeps: [parseTid("pseudo-native:do_populate_sysroot")] };
    const tasks = [own, restorable("a:do_package")];
    expect(assumeHardDependencies(tasks).size).toBe(0);
    expect(assumeHardDependencies(tasks, (tid) => tid)).toEqual(
      new Map([[tidOf("a:do_package"), ["pseudo-native:do_populate_sysroot"]]]),
    );
  });
});
