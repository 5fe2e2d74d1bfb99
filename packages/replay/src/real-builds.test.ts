import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createDurations, type DurationRecord } from "@depid/durations";
import { readHistory } from "@depid/task-graph/fs";
import { describe, expect, it } from "vitest";
import type { Fates } from "./measure/fates.ts";
import type { ReplayedBuild } from "./options.ts";
import { accountFor } from "./outcomes/outcome-account.ts";
import { OutcomeChain } from "./outcomes/outcome-chain.ts";
import { pessimistic } from "./outcomes/outcome-model.ts";
import { createTableRecords, type RecordedReport } from "./outcomes/output-records.ts";
import { RecordedOutputs } from "./outcomes/recorded-outputs.ts";
import { uniqueOutputsOf } from "./outcomes/unique-outputs.ts";
import { OUTHASH_METHOD } from "./outhash.ts";
import { getPolicy } from "./policies/registry.ts";
import { replayHistory } from "./replay.ts";
import { createTableService } from "./testing/index.ts";
import type { BuilderKind } from "./topology/topology.ts";

const FOLDER = new URL("../../../fixtures/realbuild/", import.meta.url);
const STEPS = Array.from({ length: 9 }, (_, i) => i + 1);

/** The tables of the server as the fixture has them, in BitBake's words. */
interface ServerTables {
  readonly outhashes: readonly RecordedReport[];
  readonly equivalences: readonly { readonly taskhash: string; readonly unihash: string }[];
}

interface RecordedRuns {
  readonly recipe: string;
  readonly task: string;
  readonly runs: readonly Pick<DurationRecord, "elapsed" | "cpu" | "build">[];
}

interface RealStep {
  readonly executed: readonly string[];
  readonly restored: readonly string[];
}

function readJson<Value>(path: string): Value {
  const bytes = readFileSync(new URL(path, FOLDER));
  return JSON.parse((path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString());
}

async function predict(sequence: string, builder: BuilderKind, stepwise: boolean) {
  const history = await readHistory(new URL(`${sequence}/history.jsonl.gz`, FOLDER).pathname);
  const { outhashes, equivalences } = readJson<ServerTables>(`${sequence}/hashserv.json.gz`);
  const recording = {
    reports: outhashes,
    equivalences: equivalences.map(({ taskhash, unihash }) => ({ method: OUTHASH_METHOD, taskhash, depid: unihash })),
  };
  const durations = createDurations(
    readJson<RecordedRuns[]>("durations.json.gz").flatMap(({ runs, ...task }) =>
      runs.map((run) => ({ ...task, ...run })),
    ),
  );
  const unique = uniqueOutputsOf(
    history.steps.flatMap((step) => step.change.upsert),
    "oe-core",
  );
  const chain = new OutcomeChain(
    [new RecordedOutputs("recorded", createTableRecords(recording, OUTHASH_METHOD))],
    pessimistic,
  );
  const builds: ReplayedBuild[] = [];
  const { decisions } = await replayHistory(history, {
    policies: [getPolicy("equivhash")],
    outcomes: chain,
    service: createTableService(),
    namespace: sequence,
    builder,
    workers: 5,
    stepwise,
    seed: 0,
    unique: new Set(unique.map(({ task }) => task)),
    secondsOf: (task, variant) => durations.durationOf(task, variant).seconds,
    onBuild: (build) => void (build.policy.name === "equivhash" && builds.push(build)),
  });
  return { builds, account: accountFor(chain, decisions, unique) };
}

/** What a build ran: as its events say, or as a direct pass leaves it. */
function runOf({ outcome, fates }: ReplayedBuild): Pick<Fates, "executed" | "restored"> {
  const { summary } = outcome.simulated ?? {};
  return summary === undefined ? fates : { executed: new Set(summary.executed), restored: new Set(summary.restored) };
}

describe.each([
  ["a fresh build directory for each commit, step by step", "seqF", "fresh", true],
  ["a fresh build directory for each commit, directly where that can be", "seqF", "fresh", false],
  ["one build directory that was kept, step by step", "seqP", "persistent", true],
  ["one build directory that was kept, directly where that can be", "seqP", "persistent", false],
] as const)("real builds of 22 recipes in %s", async (_what, sequence, builder, stepwise) => {
  const { builds, account } = await predict(sequence, builder, stepwise);

  it.each(STEPS)("are predicted exactly from recorded outputs and durations: step %i", (step) => {
    const real = readJson<RealStep>(`${sequence}/${String(step).padStart(2, "0")}.json`);
    const { executed, restored } = runOf(builds[step] as ReplayedBuild);
    expect([...(executed ?? [])].sort()).toEqual([...real.executed].sort());
    expect([...(restored ?? [])].sort()).toEqual([...real.restored].sort());
  });

  it("disprove nothing of the list of tasks that name their own hash", () => {
    expect(account.unique.map(({ task, disproved }) => [task, disproved])).toEqual([
      ["do_create_spdx", []],
      ["do_create_recipe_spdx", []],
    ]);
  });
});
