import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { neutral, type OutcomeBound, pessimistic } from "../outcomes/outcome-model.ts";
import { getPolicy } from "../policies/registry.ts";
import { replayHistory } from "../replay.ts";
import { createTableService, sketchHistory } from "../testing/index.ts";
import { fatesOf, formatFatesCsv, type TaskFate } from "./task-fates.ts";

const TASKS: Record<string, TaskSketch> = {
  "tool:do_compile": {},
  "tool:do_sysroot": { deps: ["tool:do_compile"], setscene: true },
  "lib:do_compile": { deps: ["tool:do_sysroot"] },
  "lib:do_sysroot": { deps: ["lib:do_compile"], setscene: true },
};
const FIRST = Object.entries(TASKS).map(([name, sketch]) => sketchTask(name, sketch));
const changed = (name: string) => ({ upsert: [sketchTask(name, { ...TASKS[name], basehash: basehashOf("1") })] });

/** The fates in the last step. */
async function fates(
  policy: string,
  change: Parameters<typeof sketchHistory>[1],
  bound: OutcomeBound,
  builder: "fresh" | "persistent" = "fresh",
): Promise<TaskFate[]> {
  const rows: TaskFate[] = [];
  await replayHistory(sketchHistory(FIRST, change ?? {}), {
    policies: [getPolicy(policy)],
    outcomes: new OutcomeChain([], bound),
    service: createTableService(),
    namespace: "fates",
    builder,
    workers: 1,
    seed: 0,
    onBuild(build) {
      if (build.step.step === 1 && build.policy.name === policy)
        rows.push(...fatesOf(build, (_task, variant) => (variant === "real" ? 10 : undefined)));
    },
  });
  return rows;
}

const brief = (rows: readonly TaskFate[]) =>
  Object.fromEntries(
    rows.map(({ task, fate, why, by }) => [task, [fate, why, ...(by === null ? [] : [by])].join(" ")]),
  );

describe("what decided the fate of a task:", () => {
  it("no object for its hash, or a task above that ran", async () => {
    expect(brief(await fates("basichash", changed("tool:do_compile"), neutral))).toEqual({
      "tool.bb:do_compile": "executed needed-by tool.bb:do_sysroot",
      "tool.bb:do_sysroot": "executed no-object",
      "lib.bb:do_compile": "executed needed-by lib.bb:do_sysroot",
      "lib.bb:do_sysroot": "executed no-object",
    });
  });

  it("restored for a task that ran; covered by the restored task above", async () => {
    expect(brief(await fates("basichash", changed("lib:do_compile"), neutral))).toEqual({
      "tool.bb:do_compile": "covered covered-by tool.bb:do_sysroot",
      "tool.bb:do_sysroot": "restored needed-by lib.bb:do_compile",
      "lib.bb:do_compile": "executed needed-by lib.bb:do_sysroot",
      "lib.bb:do_sysroot": "executed no-object",
    });
  });

  it("a rehash in mid-build", async () => {
    expect(brief(await fates("equivhash", changed("tool:do_compile"), neutral))).toEqual({
      "tool.bb:do_compile": "executed needed-by tool.bb:do_sysroot",
      "tool.bb:do_sysroot": "executed no-object",
      "lib.bb:do_compile": "covered covered-by lib.bb:do_sysroot",
      "lib.bb:do_sysroot": "restored rehash",
    });
  });

  it("its stamp", async () => {
    expect(brief(await fates("basichash", {}, neutral, "persistent"))).toEqual({
      "tool.bb:do_compile": "covered covered-by tool.bb:do_sysroot",
      "tool.bb:do_sysroot": "skipped stamp-current",
      "lib.bb:do_compile": "covered covered-by lib.bb:do_sysroot",
      "lib.bb:do_sysroot": "skipped stamp-current",
    });
  });

  it("is there for every task, once", async () => {
    const rows = await fates("equivhash", changed("lib:do_compile"), pessimistic);
    expect(rows.map((it) => it.task).sort()).toEqual(FIRST.map((it) => it.tid as string).sort());
  });
});

describe("a row of fates", () => {
  it("says what was needless, and what was stale", async () => {
    const needless = await fates("basichash", changed("tool:do_compile"), neutral);
    expect(needless.map((it) => [it.needless, it.stale])).toEqual(needless.map(() => [true, false]));
    const stale = await fates("basic", changed("tool:do_compile"), pessimistic, "persistent");
    expect(stale.filter((it) => it.stale).map((it) => it.task)).toContain("lib.bb:do_sysroot");
  });

  it("has seconds of what ran, nothing for what was passed over, and null for what is not known", async () => {
    const rows = await fates("basichash", changed("lib:do_compile"), neutral);
    expect(Object.fromEntries(rows.map((it) => [it.fate, it.seconds]))).toEqual({
      executed: 10,
      covered: 0,
      restored: null,
    });
  });

  it("is a line of CSV, quoted where it must be", async () => {
    const row: TaskFate = {
      policy: 'a,"b"',
      step: 1,
      task: "a.bb:do_x",
      fate: "restored",
      needless: false,
      stale: true,
      seconds: null,
      why: "target",
      by: null,
    };
    const lines = [];
    for await (const line of formatFatesCsv(
      (async function* () {
        yield row;
      })(),
    ))
      lines.push(line);
    expect(lines).toEqual([
      "policy,step,task,fate,needless,stale,seconds,why,by",
      '"a,""b""",1,a.bb:do_x,restored,false,true,,target,',
    ]);
  });
});
